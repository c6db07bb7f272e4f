-- As every tutorial has it: NULL on a new connection, and '' on a used one.
-- finds: nullif-missing public.patients
-- finds: nullif-missing public.patients
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select current_setting('app.tenant_id', true)::uuid));
alter policy tenant_floor on public.patients using (tenant_id = (select current_setting('app.tenant_id')::uuid));

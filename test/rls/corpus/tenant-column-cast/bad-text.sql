-- The column is cast to the setting's type instead of the setting to the column's.
-- finds: tenant-column-cast public.patients
-- finds: tenant-column-cast public.patients
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id::text = (select nullif(current_setting('app.tenant_id', true), '')));
alter policy tenant_floor on public.patients using ((select nullif(current_setting('app.tenant_id', true), '')) = tenant_id::text);

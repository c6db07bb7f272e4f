-- The setting was renamed in the code, and not in the database.
-- finds: other-setting public.patients
-- finds: other-setting public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('app.current_tenant', true), '')::uuid));
alter policy tenant_floor on public.patients
  using (tenant_id = (select nullif(current_setting('app.current_tenant', true), '')::uuid));

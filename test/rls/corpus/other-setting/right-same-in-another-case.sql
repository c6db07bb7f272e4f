-- PostgreSQL does not tell names of settings apart by case.
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('App.Tenant_ID', true), '')::uuid));

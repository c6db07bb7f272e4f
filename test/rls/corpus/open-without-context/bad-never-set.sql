-- For the migration tool, which sets no tenant; and for whoever forgets to.
-- finds: open-without-context public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients
  using ((select current_setting('app.tenant_id', true)) is null or tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

-- The permissive policy is open where no tenant is set, and the floor is closed.
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using ((select nullif(current_setting('app.tenant_id', true), '')) is null or tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

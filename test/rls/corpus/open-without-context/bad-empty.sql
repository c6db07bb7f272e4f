-- Closed on a new connection, where the setting is NULL, and open on one that was used before, where it is ''.
-- finds: open-without-context public.patients
-- finds: open-without-context public.patients
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or (select current_setting('app.tenant_id', true) = ''));
alter policy tenant_floor on public.patients
  using (case when (select current_setting('app.tenant_id', true)) = '' then true else tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) end);

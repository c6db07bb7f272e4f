-- A second setting that prevails over the tenant's.
-- with: {"settings": ["app.acting_for"]}
-- finds: other-setting public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (tenant_id = (select coalesce(nullif(current_setting('app.acting_for', true), ''),
  nullif(current_setting('app.tenant_id', true), ''))::uuid));

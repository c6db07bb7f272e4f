-- The support desk's switch, which any statement can throw.
-- finds: bypass-setting public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or (select current_setting('app.bypass_rls', true)) = 'on');

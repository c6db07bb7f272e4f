-- No other setting; but a value of the tenant's own that is no tenant opens everything.
-- finds: bypass-setting public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (case when (select current_setting('app.tenant_id', true)) = '*' then true
  else tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) end);

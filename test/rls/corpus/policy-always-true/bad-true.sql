-- USING (true), left from the day the policy was tried out, and no floor under it.
-- finds: policy-always-true public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (true);

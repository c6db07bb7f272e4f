-- It narrows, so it looks like a policy; but no policy of the table asks whose row it is.
-- finds: policy-always-true public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (deleted_at timestamptz)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (deleted_at is null);

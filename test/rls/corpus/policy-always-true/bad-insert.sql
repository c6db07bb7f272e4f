-- One command of four was opened: rows can be put into any tenant.
-- finds: policy-always-true public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
create policy add on public.patients for insert with check (true);

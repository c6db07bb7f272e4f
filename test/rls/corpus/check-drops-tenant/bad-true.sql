-- What is read is held, and what is written goes anywhere.
-- finds: check-drops-tenant public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients with check (true);

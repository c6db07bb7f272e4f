-- Who adds a row must give it a name, and any tenant.
-- finds: check-drops-tenant public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
create policy adding on public.patients for insert to app with check (name <> '');

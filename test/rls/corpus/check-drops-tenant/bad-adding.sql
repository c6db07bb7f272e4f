-- Who adds a row must give it a name, and any tenant.
-- finds: check-drops-tenant public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
drop policy tenant on public.patients;
create policy reading on public.patients for select to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy adding on public.patients for insert to app with check (name <> '');

-- A floor for SELECT says nothing to INSERT and DELETE.
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
create policy tenant_floor on public.patients as restrictive for select using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

-- A person sees what is theirs in every tenant. That the setting is declared does not keep tenants apart.
-- with: {"settings": ["app.user_id"]}
-- finds: bypass-setting public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (person_id uuid)
drop policy tenant_floor on public.patients;
create policy own on public.patients for select
  using (person_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

-- The tenant of those who did not say which, in the policy and in its floor.
-- finds: default-tenant public.patients
-- finds: default-tenant public.patients
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select coalesce(
  nullif(current_setting('app.tenant_id', true), ''), '00000000-0000-4000-8000-000000000001')::uuid));
alter policy tenant_floor on public.patients using (tenant_id = (select coalesce(
  nullif(current_setting('app.tenant_id', true), '')::uuid, '00000000-0000-4000-8000-000000000001')));

-- Another setting in an OR, but below an AND with the tenant: it widens nothing beyond the tenant.
-- with: {"settings": ["app.user_id", "app.role"]}
\tenant_table public.patients (doctor text)
alter policy tenant on public.patients using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)
  and ((select current_setting('app.role', true)) = 'head' or doctor = (select current_setting('app.user_id', true))));
drop policy tenant_floor on public.patients;
create policy tenant_floor on public.patients as restrictive using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

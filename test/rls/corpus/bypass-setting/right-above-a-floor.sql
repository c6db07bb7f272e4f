-- The switch is there, and the floor under it is not switched off.
-- with: {"settings": ["app.role"]}
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or (select current_setting('app.role', true)) = 'support');

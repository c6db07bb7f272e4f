-- The permissive policy casts the column, but the floor compares it bare, and serves the index. Rows that are written are not
-- looked up.
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id::text = (select nullif(current_setting('app.tenant_id', true), '')))
  with check (tenant_id::text = (select nullif(current_setting('app.tenant_id', true), '')));
alter policy tenant_floor on public.patients with check (tenant_id::text = (select nullif(current_setting('app.tenant_id', true), '')));

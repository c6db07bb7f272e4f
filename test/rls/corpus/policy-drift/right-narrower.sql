-- Restrictive policies beside the floor, conditions that AND narrows by, a table that can only be read and added to, and a function
-- that answers what the setting holds.
-- with: {"settings": ["app.user_id"]}
create function public.tenant() returns uuid stable language sql
  return nullif(current_setting('app.tenant_id', true), '')::uuid;
\tenant_table public.members (user_id uuid)
\tenant_table public.patients (doctor text, deleted_at timestamptz)
create policy alive on public.patients as restrictive for select using (deleted_at is null);
create policy member on public.patients as restrictive to app using (exists (
  select from public.members where user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
\tenant_table public.visits (doctor text)
drop policy tenant on public.visits;
create policy reading on public.visits for select to app using (tenant_id = (select public.tenant()));
create policy adding on public.visits for insert to app
  with check ((doctor = (select current_setting('app.user_id', true)) or doctor is null) and tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

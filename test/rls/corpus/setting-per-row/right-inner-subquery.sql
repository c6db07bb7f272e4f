-- The outer subquery is run for each row, and the setting is read in one inside that is not. Of what depends on the row, nothing
-- could be spared.
-- with: {"settings": ["app.user_id"]}
create function public.visible(tenant uuid) returns boolean stable language sql as $$ select tenant is not null $$;
\tenant_table public.members (user_id uuid)
\tenant_table public.patients (owner uuid)
alter policy tenant on public.patients using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and public.visible(tenant_id) and exists (
  select from public.members where members.id = patients.owner
    and user_id = (select nullif(current_setting('app.user_id', true), '')::uuid as current)));

-- The same table, in a condition that can only narrow what the tenant's comparison has left.
-- with: {"shared": ["public.members"], "settings": ["app.user_id"]}
create table public.members (user_id uuid not null, clinic uuid not null, primary key (user_id, clinic));
alter table public.members owner to corpus_owner;
grant select, insert on public.members to app;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and exists (
  select from public.members where user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));

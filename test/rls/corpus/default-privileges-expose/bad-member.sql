-- Who makes the months is a member of the owner, and grants them to a group; names that must be quoted.
-- finds: default-privileges-expose public.visits
create role "Monate ""x""; --" nologin in role corpus_owner;
create role "Gruppe's" nologin;
grant "Gruppe's" to app;
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to "Gruppe's";
create table public.visits (
  tenant_id uuid not null, id uuid not null, at date not null, primary key (tenant_id, id, at)
) partition by range (at);
alter table public.visits owner to corpus_owner;
alter table public.visits enable row level security;
alter table public.visits force row level security;
create policy tenant on public.visits to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.visits as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public.visits to app;
create table "Clinic ""A"""."1" partition of public.visits for values from ('2026-01-01') to ('2026-02-01');
alter table "Clinic ""A"""."1" owner to corpus_owner;
alter table "Clinic ""A"""."1" enable row level security;
alter table "Clinic ""A"""."1" force row level security;
alter default privileges for role "Monate ""x""; --" in schema "Clinic ""A""" grant delete on tables to "Gruppe's";

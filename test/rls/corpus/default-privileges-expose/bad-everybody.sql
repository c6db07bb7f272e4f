-- For all schemas and to PUBLIC, by a superuser, who can make partitions of every table; there is none yet.
-- finds: default-privileges-expose public.visits
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
alter default privileges grant select on tables to public;

-- Of a role that cannot attach a partition of a table of tenants, only of a shared one; of sequences; in another schema; and to a role that
-- the application has nothing to do with.
-- with: {"shared": ["public.holidays"]}
create role corpus_etl nologin;
create schema reports authorization corpus_owner;
grant usage on schema reports to app;
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
create table public.visits_2026_01 partition of public.visits for values from ('2026-01-01') to ('2026-02-01');
alter table public.visits_2026_01 owner to corpus_owner;
alter table public.visits_2026_01 enable row level security;
alter table public.visits_2026_01 force row level security;
create table public.holidays (country text not null, day date not null, primary key (country, day)) partition by list (country);
alter table public.holidays owner to corpus_etl;
alter table public.holidays enable row level security;
create policy everybody on public.holidays for select to app using (true);
grant select on public.holidays to app;
alter default privileges for role corpus_etl in schema public grant select on tables to app;
alter default privileges for role corpus_owner in schema public grant select, usage on sequences to app;
alter default privileges for role corpus_owner in schema reports grant select on tables to app;
alter default privileges for role corpus_owner in schema public grant select on tables to corpus_etl;

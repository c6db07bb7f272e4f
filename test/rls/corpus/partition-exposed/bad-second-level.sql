-- The level between is safe, and from what lies below it rows may be deleted; names that must be quoted.
-- finds: partition-exposed Clinic "A".Größe; --
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to app;
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
create table "Clinic ""A"""."of 2026" partition of public.visits for values from ('2026-01-01') to ('2027-01-01') partition by range (at);
alter table "Clinic ""A"""."of 2026" owner to corpus_owner;
alter table "Clinic ""A"""."of 2026" enable row level security;
alter table "Clinic ""A"""."of 2026" force row level security;
create table "Clinic ""A"""."Größe; --" partition of "Clinic ""A"""."of 2026" for values from ('2026-01-01') to ('2026-02-01');
alter table "Clinic ""A"""."Größe; --" owner to corpus_owner;
grant delete on "Clinic ""A"""."Größe; --" to app;

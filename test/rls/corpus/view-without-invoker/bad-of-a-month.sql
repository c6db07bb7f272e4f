-- The policies of a parent do not hold for a partition that is named, and the view names it. The application itself cannot.
-- finds: partition-exposed public.visits
-- finds: view-without-invoker public.january
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
create view public.january as select * from public.visits_2026_01;
alter view public.january owner to corpus_owner;
grant select on public.january to app;

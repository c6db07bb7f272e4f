-- A migration tool made the table anew with its policies and left row security out. The month keeps its own.
-- finds: policies-without-rls public.visits
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
alter table public.visits disable row level security;
create table public.visits_2026_01 partition of public.visits for values from ('2026-01-01') to ('2026-02-01');
alter table public.visits_2026_01 owner to corpus_owner;
alter table public.visits_2026_01 enable row level security;
alter table public.visits_2026_01 force row level security;

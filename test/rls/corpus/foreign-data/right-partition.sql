-- A foreign partition: the application reaches it through the parent alone, whose policies hold. The server's mapping is
-- another role's.
create foreign data wrapper corpus_wrapper;
create server corpus_server foreign data wrapper corpus_wrapper;
create user mapping for corpus_owner server corpus_server;
grant usage on foreign server corpus_server to corpus_owner;
create table public.visits (
  tenant_id uuid not null, id uuid not null, at date not null
) partition by range (at);
create foreign table public.visits_2025 partition of public.visits for values from ('2025-01-01') to ('2026-01-01') server corpus_server;
alter table public.visits owner to corpus_owner;
alter foreign table public.visits_2025 owner to corpus_owner;
alter table public.visits enable row level security;
alter table public.visits force row level security;
create policy tenant on public.visits to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.visits as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select on public.visits to app;

-- Floors alone: on a table that the login role has no privilege on, and on a partition, which is to let nothing through.
\tenant_table public.notes (name text)
drop policy tenant on public.notes;
revoke all on public.notes from app;
revoke all (name) on public.notes from app;
create schema months;
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
create table months.visits_2026_01 partition of public.visits for values from ('2026-01-01') to ('2027-01-01');
alter table months.visits_2026_01 owner to corpus_owner;
alter table months.visits_2026_01 enable row level security;
alter table months.visits_2026_01 force row level security;
create policy tenant_floor on months.visits_2026_01 as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

-- An ordinary role. pg_dump reads the partitions one by one, and policies stand on the partitioned table alone: the backup is
-- whole. That partitions lie open to whoever gets a grant is another rule's matter.
-- finds: partition-exposed public.visits
-- with: {"backupRoles": ["corpus_backup"]}
create role corpus_backup login in role pg_read_all_data;
create table public.visits (
  tenant_id uuid not null, id uuid not null, at date not null, primary key (tenant_id, id, at)
) partition by range (at);
create table public.visits_2026 partition of public.visits for values from ('2026-01-01') to ('2027-01-01');
alter table public.visits owner to corpus_owner;
alter table public.visits_2026 owner to corpus_owner;
alter table public.visits enable row level security;
alter table public.visits force row level security;
create policy tenant on public.visits to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.visits as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public.visits to app;

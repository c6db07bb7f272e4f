-- A partitioned table without partitions: those that come will have no index either.
-- finds: tenant-index-missing public.audit_log
create table public.audit_log (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  at timestamptz not null,
  id uuid not null default gen_random_uuid()
) partition by range (at);
alter table public.audit_log owner to corpus_owner;
alter table public.audit_log enable row level security;
alter table public.audit_log force row level security;
create policy tenant on public.audit_log to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.audit_log as restrictive to public using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public.audit_log to app;
create index on public.audit_log (at, tenant_id);

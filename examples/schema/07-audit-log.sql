-- Who did what, written once and read seldom. A partition for each month lets old months go without a DELETE.

set role clinic_owner;

create table audit_log (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  at timestamptz not null default now(),
  id uuid not null default gen_random_uuid(),
  actor text not null,
  action text not null check (action in ('read', 'write')),
  -- No foreign keys: the log outlives what it tells of, and taking a month away must not lock other tables.
  record_id uuid not null,
  -- A key of a partitioned table must hold the partition key.
  primary key (tenant_id, at, id)
) partition by range (at);

alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy tenant on audit_log to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on audit_log as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select, insert on audit_log to app;

reset role;

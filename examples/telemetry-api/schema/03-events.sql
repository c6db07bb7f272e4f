-- What happened in the clinics' apps and devices. Names and numbers only: there is no column into which a note about a patient
-- could be written by mistake.

set role telemetry_owner;

create table events (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  -- When it arrived, which says in which month it is kept. A device's clock does not.
  at timestamptz not null default now(),
  id uuid not null default gen_random_uuid(),
  -- By the clock of who tells it.
  happened_at timestamptz not null,
  kind text not null check (kind ~ '^[a-z][a-z0-9_.]{0,63}$'),
  source text not null check (source ~ '^[a-z][a-z0-9-]{0,31}$'),
  value double precision,
  user_id uuid not null default nullif(current_setting('app.user_id', true), '')::uuid,
  primary key (tenant_id, at, id)
) partition by range (at);

create index on events (tenant_id, at, kind);

alter table events enable row level security;
alter table events force row level security;
create policy tenant on events to telemetry_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on events as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
-- Nobody tells in the name of another.
create policy own_name on events as restrictive for insert to public
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

-- Column by column: when it arrived, and who told it, is not for the service to say.
grant select, insert (happened_at, kind, source, value) on events to telemetry_app;

reset role;

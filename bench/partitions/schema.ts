import { monthsAtFirst, partitionOf } from './months.ts'

const TENANTS = 50
const ROWS_PER_MONTH = 5_000

/** Ids of tenants, by position from 0. */
export const TENANT_IDS: readonly string[] = Array.from(
  { length: TENANTS },
  (_, index) => `00000000-0000-4000-8000-${(index + 1).toString(16).padStart(12, '0')}`,
)

/** Once for a server. The job may see how old the transactions of others are. */
export const ROLES = `create role app login; create role owner nologin; create role job login;
grant owner to job; grant pg_read_all_stats to job;`

/** A table of events in months, each with rows; it refers to tenants, as such tables do. */
export function schemaOf(database: string, runs: number): string {
  const months = monthsAtFirst(runs).map((month) => {
    const { table, bounds } = partitionOf(month)
    const from = bounds.slice('from ('.length, bounds.indexOf(')'))
    return `create table ${table} partition of events for values ${bounds};
alter table ${table} enable row level security, force row level security;
insert into events (tenant_id, at, body)
  select ('00000000-0000-4000-8000-' || lpad(to_hex(1 + n % ${TENANTS}), 12, '0'))::uuid, timestamptz ${from} + n * interval '8 min', 'event ' || n
  from generate_series(1, ${ROWS_PER_MONTH}) as n;`
  })
  return `grant create on database ${database} to owner; grant usage, create on schema public to owner; grant usage on schema public to app;
create schema public_parts authorization owner; create schema public_detached authorization owner;
create table tenants (tenant_id uuid primary key);
insert into tenants select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid from generate_series(1, ${TENANTS}) as n;
create table events (tenant_id uuid not null references tenants, at timestamptz not null, id bigint generated always as identity, body text not null,
  primary key (tenant_id, at, id)) partition by range (at);
create index on events (at);
${months.join('\n')}
alter table events enable row level security, force row level security;
create policy tenant on events to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on events to app; grant select on tenants to app;
do $$ declare part regclass; begin
  alter table tenants owner to owner; alter table events owner to owner;
  for part in select inhrelid::regclass from pg_inherits where inhparent = 'events'::regclass loop
    execute format('alter table %s owner to owner', part);
  end loop;
end $$;
analyze;`
}

import type { Client } from 'pg'
import type { KeyType, PartitionSet } from '../../../../src/partitioning/definition/partition-options.ts'

export const TENANTS: readonly string[] = Array.from(
  { length: 10 },
  (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
)

/** A set of one table, as `definePartitions` would make it. */
export function setOf(name: string, key = 'created_at', keyType: KeyType = 'timestamptz'): PartitionSet {
  return {
    schema: 'public',
    partsSchema: 'public_parts',
    detachedSchema: 'public_detached',
    tenantColumn: 'tenant_id',
    appRole: 'app',
    tables: [
      {
        name,
        key,
        keyType,
        premake: 3,
        retainMonths: undefined,
        graceDays: 14,
        archive: undefined,
        minLeaves: 4,
        maxRetirePerRun: 1,
      },
    ],
  }
}

/** A table with one of everything that a conversion has to carry over. */
export const RICH_TABLE = `
create role {owner}; create role {auditor};
grant usage, create on schema public to {owner};
create table tenants (tenant_id uuid primary key, name text);
alter table tenants owner to {owner};
grant select on tenants to app;
create function stamp() returns trigger language plpgsql as $$ begin new.note := coalesce(new.note, 'stamped'); return new; end $$;
create function look() returns trigger language plpgsql as $$ begin return null; end $$;
create table gone (id int);
set role {owner};
create table audit_log (
  tenant_id uuid not null default (nullif(current_setting('app.tenant_id', true), ''))::uuid references tenants,
  id bigint generated always as identity (start 100 increment 3) ,
  dropped text,
  number serial,
  note text constraint note_short check (length(note) < 200),
  loud text generated always as (upper(note)) stored,
  payload jsonb default '{"a": 1}',
  created_at timestamptz not null default now(),
  constraint audit_log_pkey primary key (tenant_id, id) include (note)
) with (fillfactor = 80, toast.autovacuum_enabled = false);
alter table audit_log drop column dropped;
alter table audit_log alter column note set storage external, alter column note set statistics 50,
  alter column tenant_id set (n_distinct = 10);
create index "by note" on audit_log (tenant_id, lower(note)) where note is not null;
create index audit_log_time on audit_log using brin (created_at) with (pages_per_range = 4);
create unique index audit_log_once on audit_log (number, created_at);
create statistics audit_log_pairs (ndistinct, dependencies) on tenant_id, note from audit_log;
alter statistics audit_log_pairs set statistics 70;
create trigger stamp before insert on audit_log for each row execute function stamp();
create trigger look after insert on audit_log referencing new table as fresh for each statement execute function look();
create trigger quiet after update of note on audit_log for each row when (old.note is distinct from new.note) execute function look();
alter table audit_log disable trigger quiet;
alter table audit_log enable always trigger stamp;
alter table audit_log enable row level security, force row level security;
create policy tenant on audit_log to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy "no ' old" on audit_log as restrictive for update to app, {auditor} using (created_at > '2000-01-01 00:00:00+00') with check (note <> 'x');
create policy known on audit_log for select using (exists (select from tenants where tenants.tenant_id = audit_log.tenant_id and audit_log.id < 0));
grant select, insert on audit_log to app;
grant update (note), select (id) on audit_log to {auditor} with grant option;
grant select on audit_log to public;
grant usage on sequence audit_log_id_seq, audit_log_number_seq to app;
alter table audit_log replica identity full;
comment on table audit_log is 'what ''happened''';
comment on column audit_log.note is 'a note';
comment on index "by note" is 'an index';
comment on constraint note_short on audit_log is 'a check';
comment on constraint audit_log_pkey on audit_log is 'a key';
comment on policy tenant on audit_log is 'a policy';
comment on trigger stamp on audit_log is 'a trigger';
comment on statistics audit_log_pairs is 'statistics';
reset role;
create publication audit for table audit_log (tenant_id, id, note, created_at, number, loud) where (note <> 'secret') with (publish_via_partition_root = true, publish = 'insert');
alter publication audit owner to {owner};
create role {job} login; grant {owner} to {job};
do $$ begin execute format('grant create on database %I to {owner}', current_database()); end $$;
`

/** Runs the script of {@link RICH_TABLE} with roles of the database's own name, as roles belong to the whole server. */
export async function createRichTable(
  admin: Client,
  database: string,
): Promise<{ readonly owner: string; readonly job: string }> {
  const owner = `owner_${database}`
  const auditor = `auditor_${database}`
  const job = `job_${database}`
  await admin.query(
    RICH_TABLE.replaceAll('{owner}', owner).replaceAll('{auditor}', auditor).replaceAll('{job}', job),
  )
  await admin.query('insert into tenants select unnest($1::uuid[])', [TENANTS])
  return { owner, job }
}

/** A table as an application fills it all day, with rows of the months up to now. */
export async function createBusyTable(admin: Client, rows: number): Promise<void> {
  const tenant = `('00000000-0000-4000-8000-' || lpad((n % ${TENANTS.length})::text, 12, '0'))::uuid`
  await admin.query(`
    create table events (
      tenant_id uuid not null, id bigint generated always as identity primary key,
      kind text not null, payload text not null, created_at timestamptz not null default now());
    insert into events (tenant_id, kind, payload, created_at)
      select ${tenant}, case when n % 500 = 0 then 'known' else 'other' end, repeat('x', 80), now() - n * interval '1 second'
      from generate_series(1, ${rows}) as n;
    create index events_tenant on events (tenant_id, created_at);
    create index events_known on events (tenant_id) where kind = 'known';
    alter table events enable row level security, force row level security;
    create policy tenant on events to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
    grant select, insert on events to app;
    analyze events;`)
}

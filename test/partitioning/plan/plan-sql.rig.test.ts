import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { PartitionCatalog } from '../../../src/partitioning/catalog/partition-catalog.ts'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import type { KeyType, PartitionSet } from '../../../src/partitioning/definition/partition-options.ts'
import { addMonths, monthAt, monthStartUs } from '../../../src/partitioning/months/month.ts'
import { monthBound } from '../../../src/partitioning/months/month-bound.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import type { ExpectedLock, PartitionStep } from '../../../src/partitioning/plan/step.ts'
import { createDatabase, dropDatabase } from '../../../src/testing/rig/databases.ts'
import { SET, TABLE } from '../check/sound-catalog.ts'

const COLUMNS: Readonly<Record<KeyType, string>> = {
  timestamptz: 'timestamptz',
  timestamp: 'timestamp',
  date: 'date',
  uuidv7: 'uuid',
}
/** Weakest first. */
const MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'AccessExclusiveLock',
]
const NAME_OF_MODE = (mode: string) =>
  mode
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()

const SCHEMA = `
create role {owner};
create role {job} in role {owner};
grant create on database {database} to {owner};
grant create on schema public to {owner};
create schema leasehold_guard;
set role {owner};
create table tenants (tenant_id uuid primary key);
insert into tenants values ('00000000-0000-4000-8000-000000000001');
create table "Audit ""log" (
  number bigint generated always as identity,
  tenant_id uuid not null references tenants,
  at {type} not null,
  note text default 'x',
  loud text generated always as (upper(note)) stored,
  constraint "key" primary key (tenant_id, at, number)
) partition by range (at);
create index on "Audit ""log" (note);
create statistics pairs on note, tenant_id from "Audit ""log";
alter table "Audit ""log" replica identity full;
alter table "Audit ""log" enable row level security, force row level security;
grant select, insert on "Audit ""log" to app;
reset role;
alter default privileges for role {job} grant all on tables to app;
set role {owner};
alter table tenants enable row level security, force row level security;
create policy tenant on tenants using (tenant_id = current_setting('app.tenant_id')::uuid);
reset role;
create table leasehold_guard.partition_receipt (id bigint generated always as identity, table_name text, table_oid oid, filenode oid,
  manifest_uri text, rows bigint, rows_sha256 text);
grant usage on schema leasehold_guard to {owner};
grant select on leasehold_guard.partition_receipt to {owner};
set session authorization {job};
`

const tableName = 'Audit "log'
const object = `public.${tableName}`

describe.each(Object.keys(COLUMNS) as KeyType[])('The SQL of a plan with a key of %s', (keyType) => {
  let database: string
  let client: pg.Client
  let watch: pg.Client
  let oldestMonth: number
  const set: PartitionSet = {
    ...SET,
    tables: [{ ...TABLE, name: tableName, keyType, premake: 2, retainMonths: 2, minLeaves: 1 }],
  }

  beforeAll(async () => {
    const { primary } = inject('rig')
    database = (await createDatabase(primary)).name
    ;[client, watch] = [0, 1].map(() => new pg.Client({ ...primary, user: 'postgres', database })) as [
      pg.Client,
      pg.Client,
    ]
    await Promise.all([client.connect(), watch.connect()])
    await client.query(
      SCHEMA.replaceAll('{type}', COLUMNS[keyType])
        .replaceAll('{owner}', `owner_${database}`)
        .replaceAll('{job}', `job_${database}`)
        .replaceAll('{database}', database),
    )
    await client.query(
      "set timezone = 'UTC'; set datestyle = 'ISO'; set search_path = pg_catalog; set row_security = off",
    )
  })

  afterAll(async () => {
    await Promise.all([client.end(), watch.end()])
    await dropDatabase(inject('rig').primary, database)
  })

  /** The strongest lock that the other session has on each table; system catalogs and what it made itself apart. */
  async function locksHeld(pid: number): Promise<readonly ExpectedLock[]> {
    const { rows } = await watch.query(
      `select space.nspname || '.' || class.relname as table, array_agg(locks.mode) as modes
       from pg_locks locks join pg_class class on class.oid = locks.relation join pg_namespace space on space.oid = class.relnamespace
       where locks.pid = $1 and locks.granted and class.relkind in ('r', 'p') and space.nspname not in ('pg_catalog', 'pg_toast', 'information_schema')
       group by 1 order by 1`,
      [pid],
    )
    return rows.map(({ table, modes }) => ({
      table,
      mode: NAME_OF_MODE(MODES.findLast((mode) => modes.includes(mode)) ?? '') as ExpectedLock['mode'],
    }))
  }

  async function runStep(step: PartitionStep): Promise<void> {
    if (step.kind === 'gate') return
    if (step.kind === 'archive') {
      await watch.query(
        `insert into leasehold_guard.partition_receipt (table_name, table_oid, filenode, manifest_uri, rows, rows_sha256)
         select $1, oid, pg_relation_filenode(oid), 'file:///a', 1, 'ab' from pg_class where oid = $2`,
        [step.table, step.relation?.oid],
      )
    }
    if (step.kind === 'statement') {
      for (const statement of step.statements) await client.query(statement)
      return
    }
    await client.query('begin')
    try {
      for (const statement of step.statements) await client.query(statement)
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      if (step.phase !== 'prepare' && step.kind === 'transaction') {
        const expected = step.locks.toSorted((a, b) => (a.table < b.table ? -1 : 1))
        expect({ id: step.id, locks: await locksHeld(rows[0]?.pid ?? 0) }).toEqual({
          id: step.id,
          locks: expected,
        })
      }
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  }

  it('premakes: partitions that are closed, take rows of their month, and look like their parent', async () => {
    const catalog = await readCatalog(client, set)
    const { steps, refusals } = planPartitions(set, catalog)
    expect(refusals).toEqual([])
    for (const step of steps) await runStep(step)
    const now = monthAt(catalog.nowUs)
    const found = await client.query(
      `select class.relname as name, pg_get_expr(class.relpartbound, class.oid) as bound, class.relrowsecurity and class.relforcerowsecurity as closed,
         class.relacl::text as acl, class.relreplident as identity,
         array(select conname::text from pg_constraint where conrelid = class.oid and contype in ('c', 'f') order by 1) as checks,
         (select count(*)::int from pg_index where indrelid = class.oid and indisvalid) as indexes
       from pg_class class where relispartition and relkind = 'r' order by 1`,
    )
    expect(found.rows).toEqual(
      [0, 1, 2].map((ahead) => {
        const month = addMonths(now, ahead)
        return {
          name: expect.stringMatching(/^Audit "log_\d{4}_\d\d$/),
          bound: `FOR VALUES FROM (${monthBound(month, keyType)}) TO (${monthBound(addMonths(month, 1), keyType)})`,
          closed: true,
          acl: expect.not.stringContaining('app='),
          identity: 'f',
          checks: [expect.stringContaining('tenant_id_fkey')],
          indexes: 2,
        }
      }),
    )
    const ledger = await client.query('select state, oid from leasehold.partition_ledger')
    expect(ledger.rows.map(({ state }) => state)).toEqual(['attached', 'attached', 'attached'])
    for (const ahead of [0, 1, 2]) {
      await watch.query(
        `insert into public."Audit ""log" (tenant_id, at) values ('00000000-0000-4000-8000-000000000001', ${monthBound(addMonths(now, ahead), keyType)})`,
      )
    }
    expect(planPartitions(set, await readCatalog(client, set)).steps).toEqual([])
    oldestMonth = now
  })

  it('goes on where a run was stopped after a table was staged, with what the parent has become', async () => {
    const later = await readCatalog(client, set)
    const nextMonth = { ...later, nowUs: monthStartUs(addMonths(oldestMonth, 1)) }
    const stage = planPartitions(set, nextMonth).steps.find(({ id }) => id.endsWith('/stage'))
    if (!stage) throw new Error('nothing is staged')
    await runStep(stage)
    await watch.query('alter table public."Audit ""log" add column more text')
    const again = planPartitions(set, { ...(await readCatalog(client, set)), nowUs: nextMonth.nowUs })
    expect(again.steps.map(({ id }) => id.split('/').at(-1))).toEqual(['stage', 'attach', 'analyze'])
    for (const step of again.steps) await runStep(step)
    const { rows } = await client.query("select state from leasehold.partition_ledger where state = 'staged'")
    expect(rows).toEqual([])
  })

  it('retires, archives and drops the oldest month, and keeps its row in the ledger', async () => {
    const threeLater = async () => ({
      ...(await readCatalog(client, set)),
      nowUs: monthStartUs(addMonths(oldestMonth, 3)),
    })
    const retire = planPartitions(set, await threeLater()).steps.filter(
      ({ phase }) => phase === 'retire' || phase === 'archive',
    )
    expect(retire.map(({ id }) => id.split('/').slice(3).join('/'))).toEqual([
      'gate',
      'mark',
      'detach',
      'secure',
      expect.stringMatching(/^foreign-key\/.*tenant_id_fkey$/),
      'archive',
    ])
    for (const step of retire) await runStep(step)
    const detached = await client.query(
      `select oid::int, relforcerowsecurity as closed, obj_description(oid, 'pg_class') as comment,
         (select count(*)::int from pg_constraint where conrelid = class.oid and contype = 'f') as keys
       from pg_class class where relnamespace = 'public_detached'::regnamespace and relkind = 'r'`,
    )
    expect(detached.rows).toEqual([
      { oid: expect.any(Number), closed: true, comment: expect.stringContaining(object), keys: 0 },
    ])
    const drops = (catalog: PartitionCatalog) =>
      planPartitions(set, catalog).steps.filter(({ phase }) => phase === 'drop')
    expect(drops(await readCatalog(client, set))).toEqual([])
    await client.query(
      "update leasehold.partition_ledger set drop_after = pg_catalog.now() - interval '1 day' where state = 'archived'",
    )
    const [drop] = drops(await readCatalog(client, set))
    if (!drop) throw new Error('nothing is dropped')
    await client.query("update leasehold.partition_ledger set hold = 'case 7' where state = 'archived'")
    expect(drops(await readCatalog(client, set))).toEqual([])
    await expect(runStep(drop)).rejects.toMatchObject({ code: '55000' })
    await client.query('update leasehold.partition_ledger set hold = null')
    await runStep(drop)
    const row = await client.query(
      `select state, archive_uri from leasehold.partition_ledger where oid = ${detached.rows[0].oid}`,
    )
    expect(row.rows).toEqual([{ state: 'dropped', archive_uri: 'file:///a' }])
  })

  it('refuses to retire what is held since it was planned, and to drop what was attached again', async () => {
    const late = { ...(await readCatalog(client, set)), nowUs: monthStartUs(addMonths(oldestMonth, 4)) }
    const steps = planPartitions(set, late).steps.filter(({ phase }) => phase === 'retire')
    const mark = steps.find(({ id }) => id.endsWith('/mark'))
    const secure = steps.find(({ id }) => id.endsWith('/secure'))
    if (!mark || !secure) throw new Error('nothing is retired')
    await expect(runStep(secure)).rejects.toMatchObject({ code: '55000' })
    await client.query("update leasehold.partition_ledger set hold = 'case 8'")
    await expect(runStep(mark)).rejects.toMatchObject({ code: '55000' })
    const { rows } = await client.query("select 1 from leasehold.partition_ledger where state = 'retiring'")
    expect(rows).toEqual([])
  })

  it('ends a detach that was interrupted', async () => {
    const reader = new pg.Client({ ...inject('rig').primary, user: 'postgres', database })
    reader.on('error', () => {})
    await reader.connect()
    await reader.query('begin; select from public."Audit ""log"')
    await client.query("update leasehold.partition_ledger set hold = null; set lock_timeout = '200ms'")
    const late = { ...(await readCatalog(client, set)), nowUs: monthStartUs(addMonths(oldestMonth, 4)) }
    const detach = planPartitions(set, late).steps.find(({ id }) => id.endsWith('/detach'))
    if (!detach) throw new Error('nothing is detached')
    await expect(runStep(detach)).rejects.toMatchObject({ code: '55P03' })
    await reader.end()
    await client.query('reset lock_timeout')
    const { steps } = planPartitions(set, await readCatalog(client, set))
    const healed = steps.filter(({ phase }) => phase === 'reconcile')
    expect(healed.map(({ id }) => id.split('/')[3])).toEqual(['finalize', 'secure', 'foreign-key'])
    for (const step of healed) await runStep(step)
    expect(
      planPartitions(set, await readCatalog(client, set)).steps.filter(({ phase }) => phase === 'reconcile'),
    ).toEqual([])
  })
})

import { expect, inject, it } from 'vitest'
import type { LooseTable, TableState } from '../../../src/partitioning/catalog/partition-catalog.ts'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import type { KeyType } from '../../../src/partitioning/definition/partition-options.ts'
import { addMonths, monthStartUs } from '../../../src/partitioning/months/month.ts'
import { EventsDatabase, monthFromNow, partitionName } from '../run/support/events-database.ts'
import { runOnce } from '../run/support/run-once.ts'

const { primary } = inject('rig')
const KEYS: readonly KeyType[] = ['timestamptz', 'timestamp', 'date', 'uuidv7']
const STYLES = ['ISO, DMY', 'SQL, DMY', 'SQL, MDY', 'Postgres, DMY', 'German']
// SQL prints the zone of Kolkata as IST, which is read as that of Israel.
const ZONES = ['Asia/Kolkata', 'America/New_York', 'Pacific/Kiritimati', 'Asia/Kathmandu', 'Africa/Monrovia']

async function tableOf({ admin, set }: EventsDatabase): Promise<TableState> {
  const { tables } = await readCatalog(admin, set)
  const [table] = tables
  if (!table) throw new Error('the catalog has no table')
  return table
}

it.each(KEYS)(
  'bounds of a %s key are the same microseconds whatever the session is set to',
  async (keyType) => {
    await using database = await EventsDatabase.create(primary, { keyType, past: 3 })
    const wanted = [-3, -2, -1, 0].map((n) => {
      const month = monthFromNow(n)
      return [partitionName('events', month), monthStartUs(month), monthStartUs(addMonths(month, 1))]
    })
    for (const style of STYLES) {
      for (const zone of ZONES) {
        await database.admin.query(
          `set datestyle = '${style}'; set timezone = '${zone}'; set intervalstyle = 'sql_standard'`,
        )
        const { leaves } = await tableOf(database)
        expect(leaves.map(({ name, lowUs, highUs }) => [name, lowUs, highUs])).toEqual(wanted)
        const { rows } = await database.admin.query("select current_setting('timezone') as zone")
        expect(rows).toEqual([{ zone }])
      }
    }
  },
)

it('open, infinite and ancient bounds, DEFAULT, and a detach that is pending are told apart', async () => {
  await using database = await EventsDatabase.create(primary, { past: -1 })
  const { admin } = database
  await admin.query(`
    create table public_parts.first partition of events for values from (minvalue) to ('0044-03-15 00:00:00+00 BC');
    create table public_parts.odd partition of events for values from ('2020-01-01 00:00:00.000001+00') to ('2020-01-02 01:00:00+01');
    create table public_parts.last partition of events for values from ('2030-01-01 00:00:00+00') to ('infinity')`)
  const before = await tableOf(database)
  expect(before.leaves.map(({ name, lowUs, highUs, isEmpty }) => [name, lowUs, highUs, isEmpty])).toEqual([
    ['first', undefined, BigInt(Date.UTC(-43, 2, 15)) * 1_000n, undefined],
    ['odd', 1_577_836_800_000_001n, 1_577_923_200_000_000n, undefined],
    ['last', 1_893_456_000_000_000n, undefined, undefined],
  ])
  // DETACH CONCURRENTLY waits for this one, and is cancelled.
  const client = await database.connect('postgres')
  await admin.query('begin; lock table only events in access share mode')
  await client.query("set lock_timeout = '100ms'")
  await expect(
    client.query('alter table events detach partition public_parts.odd concurrently'),
  ).rejects.toThrow(/lock timeout/)
  await admin.query('commit')
  const pending = await tableOf(database)
  expect(pending.leaves.map(({ name, detachPending }) => [name, detachPending])).toEqual([
    ['first', false],
    ['odd', true],
    ['last', false],
  ])
  expect(pending.leaves.find(({ name }) => name === 'odd')?.lowUs).toBe(1_577_836_800_000_001n)
  await admin.query(
    'alter table events detach partition public_parts.odd finalize; create table public_parts.rest partition of events default',
  )
  expect((await tableOf(database)).leaves.find(({ isDefault }) => isDefault)).toMatchObject({
    name: 'rest',
    isEmpty: true,
    lowUs: undefined,
  })
  await admin.query(
    "insert into events (tenant_id, at, n) select tenant_id, '2025-05-05', 1 from tenants limit 1",
  )
  expect((await tableOf(database)).leaves.find(({ isDefault }) => isDefault)?.isEmpty).toBe(false)
})

it('what opens a partition is seen: owners, policies, grants of tables and of columns, default privileges, schemas', async () => {
  await using database = await EventsDatabase.create(primary, { past: 0 })
  const { admin, set, owner } = database
  const name = partitionName('events', monthFromNow(0))
  await admin.query(`
    grant select on public_parts.${name} to public; grant update (body) on public_parts.${name} to app;
    create policy "by 'hand'" on public_parts.${name} using (true);
    alter table public_parts.${name} no force row level security; alter table public_parts.${name} owner to postgres;
    alter default privileges for role ${owner} in schema public_parts grant select, insert on tables to app;
    alter default privileges for role ${owner} grant select on tables to public;
    grant usage on schema public_parts to app; revoke select on events from app; grant select (n) on events to app`)
  const { schemas, defaultPrivileges, tables } = await readCatalog(admin, set)
  const [leaf] = tables[0]?.leaves ?? []
  expect(leaf).toMatchObject({
    owner: 'postgres',
    rowSecurity: true,
    forceRowSecurity: false,
    policies: 1,
    policyNames: ["by 'hand'"],
    grantees: ['', 'app'],
  })
  expect(schemas).toEqual([
    { name: 'public_detached', owner, grantees: [], appUsage: false },
    { name: 'public_parts', owner, grantees: ['app'], appUsage: true },
  ])
  expect(defaultPrivileges).toEqual([
    { maker: owner, schema: undefined, grantee: '', privileges: ['SELECT'] },
    { maker: owner, schema: 'public_parts', grantee: 'app', privileges: ['INSERT', 'SELECT'] },
  ])
  expect(tables[0]?.parent).toMatchObject({
    owner,
    grantees: ['app'],
    rowSecurity: true,
    forceRowSecurity: true,
    kind: 'p',
  })
  const nobody = await readCatalog(admin, { ...set, appRole: 'no such role' })
  expect(nobody.schemas.map(({ appUsage }) => appUsage)).toEqual([undefined, undefined])
  await admin.query(`drop owned by app`)
})

it('keys, foreign keys both ways, indexes that are missing or not valid, publications and replica identity are seen', async () => {
  await using database = await EventsDatabase.create(primary, { past: 0 })
  const { admin } = database
  const name = partitionName('events', monthFromNow(0))
  await admin.query(`
    create table notes (tenant_id uuid, at timestamptz, id bigint, foreign key (tenant_id, at, id) references events);
    create table own (tenant_id uuid, at timestamptz, id bigint, constraint of_leaf foreign key (tenant_id, at, id) references public_parts.${name});
    create index parent_only on only events (body);
    alter table events replica identity full;
    create publication "all events" for table events; create publication leafy for tables in schema public_parts`)
  const { parent, leaves } = await tableOf(database)
  expect(parent).toMatchObject({
    partitionKey: { column: 'at', type: 'timestamptz' },
    primaryKey: ['tenant_id', 'at', 'id'],
    foreignKeys: [{ name: 'events_tenant_id_fkey', inherited: false, table: 'public.tenants' }],
    referencedBy: [{ name: 'notes_tenant_id_at_id_fkey', inherited: false, table: 'public.notes' }],
    invalidIndexes: ['parent_only'],
    replicaIdentity: 'f',
    publications: ['all events'],
  })
  expect(leaves).toEqual([
    expect.objectContaining({
      foreignKeys: [{ name: 'events_tenant_id_fkey', inherited: true, table: 'public.tenants' }],
      referencedBy: [{ name: 'of_leaf', inherited: false, table: 'public.own' }],
      missingIndexes: ['parent_only'],
      invalidIndexes: [],
      replicaIdentity: 'd',
      publications: ['leafy'],
    }),
  ])
})

it('tables that are attached to nothing belong to their table by name or by the ledger, and what was dropped does not count', async () => {
  await using database = await EventsDatabase.create(primary)
  const { admin } = database
  await runOnce(database, await database.connect())
  await admin.query(`
    create table public_parts.events_1999_01 (n int, constraint kept check (n > 0)); insert into public_parts.events_1999_01 values (1);
    create table public_parts.events_other (n int); create table public.elsewhere (n int); create table public.reused (n int);
    insert into leasehold.partition_ledger ("table", partition, oid, state) values
      ('public.events', 'elsewhere', 'public.elsewhere'::regclass, 'staged'), ('public.events', 'reused', 'public.reused'::regclass, 'dropped'),
      ('public.others', 'others', 'public_parts.events_other'::regclass, 'staged')`)
  const { loose, ledger } = await tableOf(database)
  const shown = ({ schema, name, isEmpty, checks }: LooseTable) => [`${schema}.${name}`, isEmpty, checks]
  const [oldest, older] = [-6, -5].map((n) => partitionName('events', monthFromNow(n)))
  expect(loose.map(shown)).toEqual([
    [`public_detached.${oldest}`, false, [expect.stringMatching(/_check|_at_/)]],
    [`public_detached.${older}`, false, [expect.stringMatching(/_check|_at_/)]],
    ['public_parts.events_1999_01', false, ['kept']],
    ['public.elsewhere', true, []],
  ])
  expect(ledger.map(({ partition }) => partition)).not.toContain('others')
  expect(ledger.find(({ partition }) => partition === oldest)).toMatchObject({
    table: 'public.events',
    state: 'detached',
    lowUs: monthStartUs(monthFromNow(-6)),
    highUs: monthStartUs(monthFromNow(-5)),
    detachedAtUs: expect.any(BigInt),
    hold: undefined,
  })
})

it('a table that is missing, or still plain, and a database without anything are read as they are', async () => {
  await using database = await EventsDatabase.create(primary, { past: -1 })
  const { admin, set } = database
  await admin.query('drop table events; create table events (n int); drop schema public_parts')
  const plain = await readCatalog(admin, set)
  expect(plain.tables[0]?.parent).toMatchObject({ kind: 'r', partitionKey: undefined, primaryKey: [] })
  expect(plain.prepared).toEqual({ partsSchema: false, detachedSchema: true, ledger: false })
  await admin.query('drop table events; create view events as select 1 as n')
  expect((await readCatalog(admin, set)).tables[0]?.parent).toBeUndefined()
  await admin.query('drop view events; create table events (n int, m int) partition by list (n)')
  expect((await readCatalog(admin, set)).tables[0]?.parent).toMatchObject({
    kind: 'p',
    partitionKey: undefined,
  })
})

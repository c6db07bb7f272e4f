import type { Client } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { planAdopt } from '../../../src/partitioning/adopt/plan-adopt.ts'
import { planConvert } from '../../../src/partitioning/convert/plan-convert.ts'
import { planUnconvert } from '../../../src/partitioning/convert/plan-unconvert.ts'
import type { PartitionPlan } from '../../../src/partitioning/plan/step.ts'
import { type PostgresMajor, startRig } from '../../../src/testing/index.ts'
import { ScratchDatabase } from '../../rls/policy/support/scratch-database.ts'
import { HAS_15 } from '../../support/postgres-15.ts'
import { setOf } from './support/event-table.ts'
import { prepareSession } from './support/run-steps.ts'

const SET = setOf('visits', 'at')
const MODES: readonly string[] = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
]
const NAMES: Readonly<Record<string, string>> = {
  'ACCESS EXCLUSIVE': 'AccessExclusiveLock',
  'SHARE UPDATE EXCLUSIVE': 'ShareUpdateExclusiveLock',
}

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

/** The strongest lock of this transaction on each table that was there before it. */
async function heldLocks(client: Client, there: ReadonlyMap<number, string>): Promise<Map<string, string>> {
  const { rows } = await client.query<{ oid: number; mode: string }>(
    "select relation as oid, mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation'",
  )
  const held = new Map<string, string>()
  for (const { oid, mode } of rows) {
    const table = there.get(oid)
    if (table === undefined) continue
    const before = held.get(table)
    if (before === undefined || MODES.indexOf(mode) > MODES.indexOf(before)) held.set(table, mode)
  }
  return held
}

/** Runs a plan, and compares what each step locks with what it says. */
async function runWatched(client: Client, plan: PartitionPlan): Promise<number> {
  expect(plan.refusals).toEqual([])
  await prepareSession(client)
  let compared = 0
  for (const step of plan.steps) {
    const { rows } = await client.query<{ oid: number; name: string }>(
      "select oid, relnamespace::regnamespace || '.' || relname as name from pg_class where relkind in ('r', 'p') and (relnamespace > 16383 or relnamespace = 2200)",
    )
    const there = new Map(rows.map(({ oid, name }) => [oid, name]))
    // What PostgreSQL takes only outside of a transaction cannot be held open.
    const isOpen = !step.statements.some((text) => text.includes(' concurrently '))
    if (isOpen) await client.query('begin')
    for (const statement of step.statements) await client.query(statement)
    if (isOpen) {
      const expected = new Map(step.locks.map(({ table, mode }) => [table, NAMES[mode] ?? mode]))
      const held = await heldLocks(client, there)
      for (const [table, mode] of held) {
        if (mode === 'AccessShareLock' && !expected.has(table)) held.delete(table)
      }
      expect(sorted(held), step.id).toEqual(sorted(expected))
      compared += 1
      await client.query('commit')
    }
  }
  return compared
}

function sorted(locks: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...locks].toSorted(([a], [b]) => a.localeCompare(b))
}

async function compareOn(database: ScratchDatabase): Promise<void> {
  const { admin } = database
  await admin.query(`
    create table tenants (tenant_id uuid primary key);
    create table visits (id bigint generated always as identity primary key, tenant_id uuid references tenants, at timestamptz not null, note text);
    insert into visits (at) select now() - n * interval '1 minute' from generate_series(1, 10) as n`)
  expect(await runWatched(admin, await planConvert(admin, SET, 'visits', { acceptKey: true }))).toBe(
    5 - 1 + 1,
  )
  expect(await runWatched(admin, await planUnconvert(admin, SET, 'visits'))).toBe(1)
  await admin.query(`
    set search_path = public;
    alter table visits rename to visits_default; alter table visits_default drop constraint visits_pkey, alter id drop identity;
    create table visits (like visits_default) partition by range (at);
    alter table visits add foreign key (tenant_id) references tenants;
    alter table visits attach partition visits_default default;
    create table visits_1999_01 partition of visits for values from ('1999-01-01 00:00:00+00') to ('1999-02-01 00:00:00+00');
    insert into visits (id, at) values (1, '1998-05-05 00:00:00+00')`)
  expect(await runWatched(admin, await planAdopt(admin, SET, 'visits'))).toBe(3)
}

it('Each step locks what it says, on PostgreSQL 18', async () => {
  await compareOn(await ScratchDatabase.open(resources))
})

it.skipIf(!HAS_15)('Each step locks what it says, on PostgreSQL 15', { timeout: 60_000 }, async () => {
  const major: PostgresMajor = 15
  const rig = await startRig({ major, standbys: 0, redis: false })
  await using own = new AsyncDisposableStack()
  resources.defer(() => rig.stop())

  await compareOn(await ScratchDatabase.open(own, { address: rig.primary }))
})

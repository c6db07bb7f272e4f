import { describe, expect, inject, it } from 'vitest'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import type { KeyType } from '../../../src/partitioning/definition/partition-options.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { applyPlan, type PartitionEvent } from '../../../src/partitioning/run/apply-plan.ts'
import { EventsDatabase, monthFromNow, partitionName } from './support/events-database.ts'
import { allRows, fingerprint, pendingDetaches } from './support/fingerprint.ts'

const { primary } = inject('rig')
const KEYS: readonly KeyType[] = ['timestamptz', 'timestamp', 'date', 'uuidv7']

describe.each(KEYS)('a table by %s, with a foreign key to tenants', (keyType) => {
  it('gets its months ahead, and those that are too old are put away', async () => {
    await using database = await EventsDatabase.create(primary, { keyType })
    const { set, admin } = database
    const client = await database.connect()
    const before = await allRows(admin)
    const events: PartitionEvent[] = []
    const plan = planPartitions(set, await readCatalog(client, set))
    expect(plan.refusals).toEqual([])
    const report = await applyPlan(plan, client, { onEvent: (event) => events.push(event) })
    expect(report.failed.map(({ error }) => error.message)).toEqual([])
    expect(report.deferred.map(({ message }) => message)).toEqual([])
    expect(report.done).toHaveLength(plan.steps.length)
    expect(events.filter(({ type }) => type === 'end')).toHaveLength(plan.steps.length)

    const catalog = await readCatalog(client, set)
    expect(planPartitions(set, catalog)).toEqual({ steps: [], refusals: [] })
    const [table] = catalog.tables
    expect(table?.leaves.map(({ name }) => name).toSorted()).toEqual(
      [-4, -3, -2, -1, 0, 1, 2].map((n) => partitionName('events', monthFromNow(n))),
    )
    expect(table?.loose.map(({ name, schema, foreignKeys }) => [schema, name, foreignKeys])).toEqual(
      [-6, -5].map((n) => ['public_detached', partitionName('events', monthFromNow(n)), []]),
    )
    expect(await allRows(admin)).toEqual(before)
    expect(await pendingDetaches(admin)).toBe(0)
  })
})

it('a second run of the same state changes nothing', async () => {
  await using database = await EventsDatabase.create(primary)
  const { set } = database
  const client = await database.connect()
  await applyPlan(planPartitions(set, await readCatalog(client, set)), client)
  const first = await fingerprint(database)
  const report = await applyPlan(planPartitions(set, await readCatalog(client, set)), client)
  expect(report.done).toEqual([])
  expect(await fingerprint(database)).toEqual(first)
})

it('leaves the session as it was', async () => {
  await using database = await EventsDatabase.create(primary)
  const { set } = database
  const client = await database.connect()
  const settings = async () =>
    (await client.query("select name, setting from pg_settings where source = 'session' order by name")).rows
  const before = await settings()
  await applyPlan(planPartitions(set, await readCatalog(client, set)), client)
  expect(await settings()).toEqual(before)
  const { rows } = await client.query(
    "select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
  )
  expect(rows).toHaveLength(0)
})

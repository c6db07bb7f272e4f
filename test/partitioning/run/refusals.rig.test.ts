import pg from 'pg'
import { expect, inject, it } from 'vitest'
import { PartitionBusyError, PartitionRefusedError } from '../../../src/errors/partition.ts'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { applyPlan } from '../../../src/partitioning/run/apply-plan.ts'
import { startPgbouncer } from '../../../src/testing/rig/start-pgbouncer.ts'
import { EventsDatabase } from './support/events-database.ts'
import { allRows, fingerprint } from './support/fingerprint.ts'
import { runOnce, shortIds, stepOf } from './support/run-once.ts'

const {
  primary,
  standbys: [standby],
} = inject('rig')
const thrown = (error: unknown) => error

it('of two runs of the same table, the second is refused and changes nothing', async () => {
  await using database = await EventsDatabase.create(primary)
  const [one, other] = await Promise.all([database.connect(), database.connect()])
  const held = { steps: [stepOf('held')], refusals: [] }
  let during: unknown
  await applyPlan(held, one, {
    // Asked for under the lock, and waited for.
    replan: async () => {
      during = await applyPlan(
        { steps: [stepOf('table', { statements: ['create table public.made ();'] })], refusals: [] },
        other,
        { busyWaitMs: 100 },
      ).catch(thrown)
      return held
    },
  })
  const error = during
  expect(error).toBeInstanceOf(PartitionBusyError)
  expect(error).toMatchObject({ table: 'public.events', retryable: true })
  expect(String(error)).toContain(`backend process ${one.processID}`)
  const { rows } = await database.admin.query("select to_regclass('public.made') as made")
  expect(rows).toEqual([{ made: null }])
  // Refused as it was, its session is as before, and it may try again.
  expect((await runOnce(database, other)).failed).toEqual([])
})

it('two runs that plan the same and begin at once both succeed, as the second plans again under its lock', async () => {
  await using database = await EventsDatabase.create(primary)
  const [one, other] = await Promise.all([database.connect(), database.connect()])
  const { set } = database
  const plan = planPartitions(set, await readCatalog(one, set))
  const run = (client: pg.Client) =>
    applyPlan(plan, client, {
      busyWaitMs: 20_000,
      replan: async (asked) => planPartitions(set, await readCatalog(asked, set)),
    })
  const reports = await Promise.all([run(one), run(other)])
  expect(reports.flatMap(({ failed, deferred }) => [...failed, ...deferred])).toEqual([])
  expect(reports.map(({ done }) => done.length).toSorted((a, b) => a - b)).toEqual([0, plan.steps.length])
})

it.each(['1.18', '1.24'] as const)(
  'pgbouncer %s is refused; with a second connection for the lock and a lock_timeout of the role it does, and keeps other runs out',
  async (version) => {
    await using database = await EventsDatabase.create(primary)
    const { job, name, admin } = database
    await using pooler = await startPgbouncer({ version, target: primary, poolSize: 4, users: [job] })
    const clients: pg.Client[] = []
    const connect = async () => {
      const client = new pg.Client({ host: pooler.host, port: pooler.port, user: job, database: name })
      client.on('error', () => {})
      await client.connect()
      clients.push(client)
      return client
    }
    try {
      const [client, lockClient, third, fourth] = [
        await connect(),
        await connect(),
        await connect(),
        await connect(),
      ]
      const before = await fingerprint(database)
      const rows = await allRows(admin)
      const pooler = await runOnce(database, client).catch(thrown)
      expect(pooler).toBeInstanceOf(PartitionRefusedError)
      expect(pooler).toMatchObject({ reason: 'pooler' })
      const timeout = await runOnce(database, client, { pooled: { lockClient } }).catch(thrown)
      expect(timeout).toMatchObject({ reason: 'lock-timeout' })
      expect(await fingerprint(database)).toEqual(before)

      await admin.query(`alter role ${job} set lock_timeout = '30s'`)
      await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = $1', [
        job,
      ])
      for (const each of [client, lockClient, third, fourth]) await each.query('select 1').catch(() => {})
      const [fresh, freshLock, rival, rivalLock] = [
        await connect(),
        await connect(),
        await connect(),
        await connect(),
      ]
      let during: unknown
      const report = await runOnce(database, fresh, {
        pooled: { lockClient: freshLock },
        // Asked for under the lock, and waited for.
        replan: async (client) => {
          during = await applyPlan({ steps: [stepOf('rival')], refusals: [] }, rival, {
            pooled: { lockClient: rivalLock },
            busyWaitMs: 50,
          }).catch(thrown)
          return planPartitions(database.set, await readCatalog(client, database.set))
        },
      })
      expect([...report.failed, ...report.deferred]).toEqual([])
      expect(shortIds(report.done).filter((id) => id.endsWith('detach'))).toHaveLength(2)
      expect(during).toBeInstanceOf(PartitionBusyError)
      expect(await allRows(admin)).toEqual(rows)
      // Nothing of the run's is left in a session that others will get.
      const { rows: settings } = await rival.query(
        "select name from pg_settings where source = 'session' and name in ('row_security', 'search_path', 'timezone', 'lock_timeout')",
      )
      expect(settings).toEqual([])
      expect((await runOnce(database, rival, { pooled: { lockClient: rivalLock } })).done).toEqual([])
    } finally {
      await Promise.all(clients.map((client) => client.end().catch(() => {})))
    }
  },
)

it('clocks that are ten minutes apart keep everything from being taken away, and nothing from being made', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  for (const minutes of [-10, 10]) {
    const report = await runOnce(database, client, { now: () => Date.now() + minutes * 60_000 })
    expect(report.failed.map(({ error }) => error.message)).toEqual([
      expect.stringMatching(/was refused\. The server's clock is \d+ s (?:ahead of|behind) this machine's/),
    ])
    expect(report.done.every(({ step }) => step.phase !== 'retire')).toBe(true)
  }
  expect((await runOnce(database, client, { now: () => Date.now() + 4 * 60_000 })).failed).toEqual([])
})

it('a role that may not is told what it lacks, and nothing is half done', async () => {
  await using database = await EventsDatabase.create(primary)
  const before = await fingerprint(database)
  const client = await database.connect('app')
  const report = await runOnce(database, client)
  // PostgreSQL only warns of an ANALYZE that it does not do.
  expect(report.done.filter(({ step }) => step.kind !== 'gate' && step.phase !== 'analyze')).toEqual([])
  expect(report.failed.length).toBeGreaterThan(0)
  expect(
    report.failed.some(
      ({ error }) => error.sqlState === '42501' && error.message.includes('must be a member of the owner'),
    ),
  ).toBe(true)
  expect(await fingerprint(database)).toEqual(before)
})

it('on a standby there is nothing to do', async () => {
  if (!standby) throw new Error('the rig has no standby')
  const client = new pg.Client({ ...standby, user: 'postgres', database: 'postgres' })
  await client.connect()
  try {
    const report = await applyPlan({ steps: [stepOf('one')], refusals: [] }, client)
    expect(report).toMatchObject({ inRecovery: true, done: [], failed: [] })
  } finally {
    await client.end()
  }
})

it('a connection in a transaction of somebody is refused', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  await client.query('begin')
  const error = await applyPlan({ steps: [stepOf('one')], refusals: [] }, client).catch(thrown)
  expect(error).toMatchObject({ reason: 'transaction' })
  await client.query('rollback')
})

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, it } from 'vitest'
import { PartitionStepError } from '../../../src/errors/partition.ts'
import { applyPlan, type PartitionEvent } from '../../../src/partitioning/run/apply-plan.ts'
import { PartitionLostError } from '../../../src/partitioning/run/partition-lost-error.ts'
import { EventsDatabase, monthFromNow, partitionName } from './support/events-database.ts'
import { allRows, pendingDetaches } from './support/fingerprint.ts'
import { runOnce, shortIds, stepOf } from './support/run-once.ts'

const { primary } = inject('rig')
const OLDEST = `public_parts.${partitionName('events', monthFromNow(-6))}`

it('new months are made beside a reader who is idle in a transaction, and the detach is left to the next run untried', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  const reader = await database.connect('postgres')
  await reader.query("set application_name = 'report of the year'; begin; select count(*) from events")
  await sleep(1_100)
  const events: PartitionEvent[] = []
  const report = await runOnce(database, client, {
    lockBudgetMs: 300,
    onEvent: (event) => events.push(event),
  })
  expect(report.failed).toEqual([])
  expect(shortIds(report.done).filter((id) => id.startsWith('premake'))).toHaveLength(4)
  expect(report.deferred.map(({ reason, attempts }) => [reason, attempts])).toEqual([['locked', 0]])
  expect(shortIds(report.deferred)[0]).toMatch(/^retire.*detach$/)
  expect(report.deferred[0]?.message).toMatch(
    new RegExp(
      `process ${reader.processID} \\(report of the year, idle in transaction\\) holds AccessShareLock`,
    ),
  )
  expect(JSON.stringify(report.deferred)).not.toContain('count(*)')
  expect(report.skipped.length).toBeGreaterThan(0)
  expect(await pendingDetaches(database.admin)).toBe(0)
  expect(events.some((event) => event.type === 'wait' && event.sqlState === undefined)).toBe(true)

  await reader.query('commit')
  const next = await runOnce(database, client)
  expect(next.deferred).toEqual([])
  expect(shortIds(next.done).filter((id) => id.endsWith('detach'))).toHaveLength(2)
})

it('without the privilege to see how old a transaction is, the run goes by how long it has known it', async () => {
  await using database = await EventsDatabase.create(primary)
  await database.admin.query(`revoke pg_read_all_stats from ${database.job}`)
  const client = await database.connect()
  const reader = await database.connect('postgres')
  await reader.query('begin; select count(*) from events')
  const step = stepOf('premake/lock', {
    statements: ['lock table public.events in access exclusive mode;'],
    locks: [{ table: 'public.events', mode: 'ACCESS EXCLUSIVE' }],
  })
  const report = await applyPlan({ steps: [step], refusals: [] }, client, {
    lockBudgetMs: 3_000,
    random: () => 0.9,
  })
  const [{ attempts, holders } = { attempts: 0, holders: [] }] = report.deferred
  expect(attempts).toBeGreaterThan(0)
  expect(attempts).toBeLessThan(8)
  expect(holders[0]).toMatchObject({ pid: reader.processID, table: 'public.events' })
  expect(holders[0]?.ageMs).toBeGreaterThan(2_000)
})

it('a step that meets a short lock is tried again and done, and whoever comes after it waits no longer than its timeout', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  const holder = await database.connect('postgres')
  const other = await database.connect('postgres')
  await holder.query('begin; lock table only public.events in access share mode')
  const step = stepOf('premake/lock', {
    statements: ['lock table only public.events in access exclusive mode;'],
    locks: [{ table: 'public.events', mode: 'ACCESS EXCLUSIVE' }],
  })
  const running = applyPlan({ steps: [step], refusals: [] }, client)
  let worstMs = 0
  for (let n = 0; n < 40; n += 1) {
    const begun = performance.now()
    await other.query('select from only events limit 0')
    worstMs = Math.max(worstMs, performance.now() - begun)
    await sleep(10)
  }
  await holder.query('commit')
  const report = await running
  expect(report.done[0]?.attempts).toBeGreaterThan(1)
  expect(worstMs).toBeLessThan(step.lockTimeoutMs + 100)
})

it('a failed step skips its chain and nothing else, and leaves nothing of itself', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  const steps = [
    stepOf('a1', { chain: 'a', statements: ['create table public.a1 ();', 'select 1/0;'] }),
    stepOf('b1', { chain: 'b', statements: ['create table public.b1 ();'] }),
    stepOf('a2', { chain: 'a', statements: ['create table public.a2 ();'] }),
    stepOf('b2', { chain: 'b', statements: ['create table public.b2 ();'] }),
  ]
  const report = await applyPlan({ steps, refusals: [] }, client)
  expect(shortIds(report.done)).toEqual(['b1', 'b2'])
  expect(shortIds(report.failed)).toEqual(['a1'])
  expect(report.skipped.map(({ id }) => id)).toEqual(['a2'])
  expect(report.failed[0]?.error).toBeInstanceOf(PartitionStepError)
  expect(report.failed[0]?.error).toMatchObject({ step: 'a1', sqlState: '22012' })
  const { rows } = await database.admin.query(
    "select relname from pg_class where relname in ('a1', 'a2', 'b1', 'b2') order by 1",
  )
  expect(rows.map(({ relname }) => relname)).toEqual(['b1', 'b2'])
})

it('is over at its deadline, and when it is told to stop', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  const steps = [stepOf('one', { statements: ['select pg_sleep(0.3);'] }), stepOf('two')]
  const late = await applyPlan({ steps, refusals: [] }, client, { deadlineMs: 200 })
  expect(late.deferred.map(({ reason, step }) => [step.id, reason])).toEqual([['two', 'deadline']])
  const stopping = new AbortController()
  const stopped = await applyPlan({ steps, refusals: [] }, client, {
    signal: stopping.signal,
    onEvent: ({ type }) => type === 'end' && stopping.abort(),
  })
  expect(stopped.deferred.map(({ reason, step }) => [step.id, reason])).toEqual([['two', 'stopped']])
})

it('a detach that is cancelled is pending, deferred, and ended by the next run', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  const before = await allRows(database.admin)
  const reader = await database.connect('postgres')
  const canceling = (async () => {
    await reader.query(`begin; lock table only ${OLDEST} in access share mode`)
    for (let n = 0; n < 500; n += 1) {
      if ((await pendingDetaches(database.admin)) === 1) break
      await sleep(10)
    }
    await database.admin.query('select pg_cancel_backend($1)', [client.processID])
    await reader.query('commit')
  })()
  // The reader is young: the detach is tried.
  const report = await runOnce(database, client)
  await canceling
  expect(report.deferred.map(({ reason }) => reason)).toEqual(['interrupted'])
  expect(await pendingDetaches(database.admin)).toBe(1)
  const next = await runOnce(database, client)
  expect(shortIds(next.done).some((id) => id.endsWith('finalize'))).toBe(true)
  expect(await pendingDetaches(database.admin)).toBe(0)
  expect(await allRows(database.admin)).toEqual(before)
})

it('a connection that is lost ends the run, with what was done until then', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  const steps = [
    stepOf('one'),
    stepOf('two', { statements: [`select pg_terminate_backend(pg_backend_pid());`] }),
    stepOf('three'),
  ]
  const error: unknown = await applyPlan({ steps, refusals: [] }, client).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PartitionLostError)
  expect(error).toMatchObject({ report: { done: [{ step: { id: 'one' } }], skipped: [{ id: 'three' }] } })
})

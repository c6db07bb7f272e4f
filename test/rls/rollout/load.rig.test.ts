import { afterAll, expect, it } from 'vitest'
import { runRollout } from '../../../src/rls/rollout/run-rollout.ts'
import { OPTIONS, ScratchDatabase } from '../policy/support/scratch-database.ts'
import { createBusyTables, linger, TENANTS, watchLockWaits, work } from './support/busy-table.ts'

const ROWS = process.env.LEASEHOLD_TEST_SIZE === 'full' ? 1_000_000 : 100_000
const WORKERS = 4
/** What nobody may wait longer for, whatever is rolled out meanwhile. */
const BOUND_MS = 200

/** For how long a transaction that is in the way stays open. */
const LINGERS_MS = 250

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

it(`A rollout on ${ROWS} rows makes no statement of a busy application wait ${BOUND_MS} ms, nor fail`, {
  timeout: 180_000,
  retry: 2,
}, async () => {
  const database = await ScratchDatabase.open(resources)
  await createBusyTables(database.admin, ROWS)
  const stop = new AbortController()
  const meanwhile = Promise.all([
    watchLockWaits(database, stop.signal),
    linger(database, stop.signal, LINGERS_MS),
    ...Array.from({ length: WORKERS }, (_, n) => work(database, n * 7, stop.signal)),
  ])
  // Where the rollout fails, that is what is to be reported.
  meanwhile.catch(() => {})
  const begun = performance.now()
  let retries = 0
  const operator = await database.connect('postgres')
  const report = await runRollout(operator, OPTIONS, {
    onEvent: ({ type }) => {
      if (type === 'retry') retries += 1
    },
  }).finally(() => stop.abort())
  const tookMs = performance.now() - begun
  const [lockWaitMs, , ...experiences] = await meanwhile

  expect(report.left).toEqual([])
  expect(await database.generate()).toEqual([])
  expect(experiences.flatMap(({ failures }) => failures)).toEqual([])
  const slowestMs = Math.max(...experiences.map((experience) => experience.slowestMs))
  const statements = experiences.reduce((sum, experience) => sum + experience.statements, 0)
  const slowest = report.done.toSorted((a, b) => b.tookMs - a.tookMs)[0]
  console.info(
    `rollout of ${ROWS} rows: ${report.done.length} steps in ${Math.round(tookMs)} ms, ${retries} attempts again; ` +
      `${statements} statements meanwhile, the slowest ${Math.round(slowestMs)} ms, of which for a lock ${Math.round(lockWaitMs)} ms at most; longest step ${Math.round(slowest?.tookMs ?? 0)} ms`,
  )
  expect(statements).toBeGreaterThan(100)
  expect(retries).toBeGreaterThan(0)
  expect(lockWaitMs).toBeLessThan(BOUND_MS)
  expect(slowestMs).toBeLessThan(BOUND_MS)

  const app = await database.connect('app')
  await app.query('begin')
  await app.query("select set_config('app.tenant_id', $1, true)", [TENANTS[0]])
  const { rows } = await app.query('select distinct tenant_id from visits')
  expect(rows).toEqual([{ tenant_id: TENANTS[0] }])
  await app.query('rollback')
})

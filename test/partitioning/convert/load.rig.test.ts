import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { planConvert } from '../../../src/partitioning/convert/plan-convert.ts'
import { ScratchDatabase } from '../../rls/policy/support/scratch-database.ts'
import { createBusyTable, setOf } from './support/event-table.ts'
import { runSteps } from './support/run-steps.ts'
import { Traffic } from './support/traffic.ts'

const ROWS = process.env.LEASEHOLD_TEST_SIZE === 'full' ? 5_000_000 : 500_000
/** What nobody may wait longer for while the table is swapped. */
const BOUND_MS = 100
const INSERT = "insert into events (tenant_id, kind, payload) values ($1, 'new', repeat('y', 80))"
const KNOWN = "select count(*)::int as n from events where kind = 'known'"

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

it(`Converting ${ROWS} rows under load makes nobody wait ${BOUND_MS} ms for the swap, and hides no row`, {
  timeout: 600_000,
  retry: 2,
}, async () => {
  const database = await ScratchDatabase.open(resources)
  await createBusyTable(database.admin, ROWS)
  const operator = await database.connect('postgres')
  const traffic = await Traffic.start(resources, database.name, { insert: INSERT, known: KNOWN })
  await sleep(1_000)
  const spans = new Map<string, number>()
  const begun = performance.now()
  const report = await runSteps(
    operator,
    await planConvert(operator, setOf('events'), 'events', { acceptKey: true }),
    ({ id }) => spans.set(id, performance.now()),
  ).finally(() => sleep(500).then(() => traffic.stop()))

  const swap = 'convert/public.events/swap'
  const swapAt = spans.get(swap) ?? 0
  const swapEnd = spans.get('convert/public.events/analyze') ?? 0
  const stallMs = traffic.longestMs(swapAt, swapEnd)
  console.info(
    `convert of ${ROWS} rows: ${Math.round(swapEnd - begun)} ms, steps ${JSON.stringify(report.tookMs, (_, value) => (typeof value === 'number' ? Math.round(value) : value))}, ` +
      `swap in ${report.tries[swap]} tries; ${traffic.laps.length} transactions meanwhile, the longest ${Math.round(stallMs)} ms at the swap, ` +
      `${Math.round(traffic.longestMs(begun, swapAt))} ms before, ${Math.round(traffic.longestMs(0, begun))} ms without; known rows counted ${traffic.counted} times`,
  )
  expect(traffic.failures).toEqual([])
  expect(traffic.miscounted).toBe(0)
  expect(traffic.counted).toBeGreaterThan(100)
  const { rows } = await database.admin.query('select count(*)::int as n from events')
  expect(rows).toEqual([{ n: ROWS + traffic.inserted }])
  expect(stallMs).toBeLessThan(BOUND_MS)
})

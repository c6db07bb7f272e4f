import { beforeAll, describe, expect, it } from 'vitest'
import { type FaultResult, formatFaults, walkFaults } from '../../examples/platform/fault-walk.ts'
import type { Load } from '../../examples/platform/load/load.ts'
import { CONSOLE_HOST, signInAt, type Visit } from '../../examples/platform/visit.ts'
import { OPS } from '../../examples/schema/seed/cast.ts'
import { useBrowser } from './support/browser.ts'
import { usePlatform } from './support/use-platform.ts'

const isFull = process.env.LEASEHOLD_TEST_SIZE === 'full'
const SIZE = isFull
  ? { perSecond: 80, brokenMs: 20_000, afterMs: 20_000 }
  : { perSecond: 40, brokenMs: 4_000, afterMs: 6_000 }

/**
 * What may fail while a thing is broken, in parts of the requests of that time, and why. What is under way on a connection that is cut
 * is lost; nothing that comes later is.
 */
const DESIGNED: Readonly<Record<string, { readonly reads: number; readonly writes: number }>> = {
  // Reads are retried elsewhere, and no write ever goes to a replica.
  'replica killed': { reads: 0.01, writes: 0 },
  // The other pgbouncer takes over. A write that was cut is not sent twice: whether it was committed is asked, and answered.
  'pgbouncer killed': { reads: 0.01, writes: 0.02 },
  // Reads go on from the replicas; what must write waits for the primary, and is refused when it waited too long.
  'primary restarted': { reads: 0.25, writes: 1 },
  // The cache is passed by, and what a write must tell it is noted in the database.
  'Redis stopped': { reads: 0, writes: 0 },
}
/** Seconds until nothing fails any more once the server is back. */
const RECOVERED_WITHIN_S = 4

const platform = usePlatform({ services: ['identity', 'core-api', 'telemetry-api', 'console'] })
const browser = useBrowser()
/** What the Console asked somebody to look at, at any time of the walk. */
const attention = new Set<string>()
let ops: Visit
let load: Load
let results: readonly FaultResult[]

beforeAll(async () => {
  load = await platform().startLoad({ shape: 'steady', perSecond: SIZE.perSecond })
  ops = await signInAt(browser(), platform(), CONSOLE_HOST, OPS)
  const watch = setInterval(() => void noteAttention().catch(() => {}), 1_000)
  results = await walkFaults(platform(), load, { brokenMs: SIZE.brokenMs, afterMs: SIZE.afterMs })
  clearInterval(watch)
  console.log(`${formatFaults(results)}\nThe Console: ${[...attention].join('; ')}`)
}, 300_000)

describe('under load', () => {
  it('every fault of the walk met requests', () => {
    expect(results.map(({ fault }) => fault)).toEqual(Object.keys(DESIGNED))
    for (const { during } of results) expect(during.requests).toBeGreaterThan(20)
  })

  it.each(Object.entries(DESIGNED))('%s: no more fails than the design allows', (fault, allowed) => {
    const { during } = resultOf(fault)
    expect(during.readErrors / Math.max(1, during.reads)).toBeLessThanOrEqual(allowed.reads)
    expect(during.writeErrors / Math.max(1, during.writes)).toBeLessThanOrEqual(allowed.writes)
    expect(during.refused).toBe(0)
  })

  it.each(Object.keys(DESIGNED))('%s: once it is mended, all works again within seconds', (fault) => {
    expect(resultOf(fault).recoveryS).toBeLessThanOrEqual(RECOVERED_WITHIN_S)
  })

  it('nobody is shown a row of somebody else, and nobody misses what they wrote', async () => {
    const { figures, rows } = await load.stop()
    console.log(
      `${rows.checked} rows looked up, ${rows.foreign} foreign; ${figures.staleReads} stale reads of ${figures.requests} requests`,
    )
    expect(rows.checked).toBeGreaterThan(1_000)
    expect(rows.examples).toEqual([])
    expect(figures.staleReads).toBe(0)
  })

  it('the Console says what is broken, and that it has recovered', async () => {
    expect([...attention].join('; ')).toMatch(/Replica r1 is ejected/)
    const items = () => ops.page.getByRole('region', { name: 'How it stands' }).innerText()
    await expect
      .poll(items, { timeout: 60_000, interval: 1_000 })
      .not.toMatch(/Replica r\d is|does not answer/)
    expect(ops.complaints).toEqual([])
  }, 70_000)

  it('no service ended by itself', () => {
    expect([...platform().supervisor.crashes]).toEqual([])
  })
})

async function noteAttention(): Promise<void> {
  for (const title of await ops.page.locator('.verdict-list a').allInnerTexts()) attention.add(title)
}

function resultOf(fault: string): FaultResult {
  const found = results.find((result) => result.fault === fault)
  if (!found) throw new Error(`The walk had no fault "${fault}".`)
  return found
}

import { afterAll, beforeAll, expect, it } from 'vitest'
import { open } from '../../../bench/partitions/database.ts'
import { measureOnStandbys } from '../../../bench/partitions/on-standbys.ts'
import { ROLES } from '../../../bench/partitions/schema.ts'
import { measureUnderLoad, type UnderLoad } from '../../../bench/partitions/under-load.ts'
import { WAYS, type Way } from '../../../bench/partitions/ways.ts'
import { type PoolerNode, type Rig, startPgbouncer, startRig } from '../../../src/testing/index.ts'

const RUNS = 2
const IDLE_MS = 2_000
/** On a machine that does much else; `npm run bench -- partitions --check` holds it to 50 ms. */
const BUSY_MACHINE_MS = 250
const CALLERS = { writers: 3, readers: 2 }
const resources = new AsyncDisposableStack()
let rig: Rig
let pooler: PoolerNode

beforeAll(async () => {
  // One of its own: how long a standby waits for its readers is a matter of the server.
  rig = resources.use(await startRig({ redis: false, settings: { max_standby_streaming_delay: '3s' } }))
  await using admin = await open(rig.primary.adminUrl())
  await admin.client.query(ROLES)
  pooler = resources.use(
    await startPgbouncer({ version: '1.24', target: rig.primary, poolSize: 8, users: ['app'] }),
  )
}, 60_000)
afterAll(() => resources.disposeAsync())

it('months are made ahead and taken away while an application works, and nobody notices', {
  timeout: 120_000,
  retry: 1,
}, async () => {
  const { work, quiet, during, rowsMissing, stalledBy } = await underLoad('leasehold')
  expect(during.errors).toEqual({})
  expect(during.foreignRows).toBe(0)
  expect(rowsMissing).toBe(0)
  expect(work).toMatchObject({ premakes: 2 * RUNS, retires: RUNS })
  expect(during.calls).toBeGreaterThan(100)
  expect(during.stallMs, stalledBy.join(', ')).toBeLessThan(BUSY_MACHINE_MS + quiet.stallMs)
})

it('the same by hand makes everybody wait for one idle reader, and the measure sees it', {
  timeout: 120_000,
}, async () => {
  const { during } = await underLoad('naive')
  expect(during.stallMs).toBeGreaterThan(IDLE_MS / 2)
})

it('readers of standbys are not cancelled, nor do the standbys fall behind', {
  timeout: 120_000,
  retry: 1,
}, async () => {
  const { cancelled, mostLagMs, work, longReads, quiet } = await onStandbys('leasehold')
  expect(cancelled).toBe(0)
  expect(work).toMatchObject({ premakes: 2, retires: 1 })
  expect(longReads).toBeGreaterThan(0)
  expect(mostLagMs).toBeLessThan(500 + quiet.mostLagMs)
})

it('by hand the standbys fall behind by as much as they may, and the measure sees it', {
  timeout: 120_000,
}, async () => {
  const { mostLagMs } = await onStandbys('naive')
  expect(mostLagMs).toBeGreaterThan(1_000)
})

function underLoad(name: string): Promise<UnderLoad> {
  const { primary } = rig
  const log = () => {}
  const spans = { idleMs: IDLE_MS, extraMs: 40_000, quietMs: 1_000 }
  return measureUnderLoad(name, wayOf(name), { primary, pooler, runs: RUNS, ...CALLERS, ...spans, log })
}

function onStandbys(name: string): ReturnType<typeof measureOnStandbys> {
  return measureOnStandbys(name, wayOf(name), { rig, runs: 1, limitMs: 40_000, log: () => {} })
}

function wayOf(name: string): Way {
  const way = WAYS.get(name)
  if (!way) throw new Error(`There is no way ${name}.`)
  return way
}

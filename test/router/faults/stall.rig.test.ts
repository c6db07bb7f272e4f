import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leasehold } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { errorsOf, readDuring, readOnce, readTimes, targetsOf } from './support/reading.ts'
import { awaitStates, shed, watchStates } from './support/states.ts'

const STALL_MS = 500
const STALLS = 8

/** Does nothing that the event loop could do besides. */
function stall(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

describe('an event loop that stands still', () => {
  let rig: Rig
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    // Limits that each stall is beyond.
    ;({ db, router } = openFleet(rig, { router: { probe: { intervalMs: 50, timeoutMs: 200 } } }))
    await readOnce(db)
    await awaitStates(router, ['healthy', 'healthy'])
  })
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await rig.stop()
  })

  it('is held against no replica, however many probes and reads it makes late', async () => {
    using first = watchStates('r1')
    using second = watchStates('r2')
    const stalls = async () => {
      for (let n = 0; n < STALLS; n++) {
        stall(STALL_MS)
        // Time for a probe, or for some, to be on its way when the next comes.
        await sleep(10 + 15 * n)
      }
    }
    const ends = await readDuring(stalls(), db)
    await readTimes(20, db)
    expect(errorsOf(ends)).toEqual([])
    expect(Math.max(...ends.map(({ tookMs }) => tookMs))).toBeGreaterThan(STALL_MS / 2)
    expect([...first.changes, ...second.changes]).toEqual([])
    expect(shed(router)).toBe(0)
    expect(targetsOf(ends)).toEqual(new Set(['r1', 'r2']))
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Leasehold } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { errorsOf, readDuring, readOnce, readTimes, targetsOf } from './support/reading.ts'
import { awaitStates, shed, watchStates } from './support/states.ts'

const STALL_MS = 500
/** More in a row than errors that eject. */
const STALLS = 6

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

  /** Stalls each time that the replicas have just been asked how they stand, so that every answer waits for longer than it may. */
  async function stallProbes(): Promise<void> {
    const ports = rig.standbys.map(({ port }) => port)
    const { query } = pg.Client.prototype
    const [enough, stalled] = [Promise.withResolvers<void>(), { times: 0, isDue: false }]
    const stallSoon = () => {
      stalled.isDue = false
      stall(STALL_MS)
      stalled.times += 1
      if (stalled.times === STALLS) enough.resolve()
    }
    const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      const { text } = (args[0] ?? {}) as { text?: unknown }
      const isProbe = String(text).includes('pg_control_recovery') && ports.includes(this.port)
      if (isProbe && !stalled.isDue && stalled.times < STALLS) {
        stalled.isDue = true
        setImmediate(stallSoon)
      }
      return Reflect.apply(query, this, args)
    })
    await enough.promise
    await sleep(200)
    spy.mockRestore()
  }

  it('is held against no replica, however many probes and reads it makes late', async () => {
    using first = watchStates('r1')
    using second = watchStates('r2')
    const ends = await readDuring(stallProbes(), db)
    await readTimes(20, db)
    expect(errorsOf(ends)).toEqual([])
    expect(ends.filter(({ tookMs }) => tookMs >= STALL_MS).length).toBeGreaterThan(0)
    expect([...first.changes, ...second.changes]).toEqual([])
    expect(shed(router)).toBe(0)
    expect(targetsOf(ends)).toEqual(new Set(['r1', 'r2']))
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Router } from '../../src/router/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { checkGuarantees } from '../support/guarantees/check-guarantees.ts'
import { COUNTERS_SCHEMA, CounterSessions } from '../support/guarantees/counter-sessions.ts'
import { fill } from '../support/notes.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'
import { RandomLag } from './support/lag.ts'

const PAIRS = 10_000
const CONTROL_PAIRS = 1_500
const SESSIONS = 16
const SEED = 20_261_122

describe('on two replicas that fall behind at random', () => {
  let rig: Rig
  let lag: RandomLag

  beforeAll(async () => {
    rig = await startNotesRig()
    await fill(rig.primary.adminUrl(), COUNTERS_SCHEMA)
    lag = await RandomLag.start(rig, SEED)
  })
  afterAll(async () => {
    await lag.stop()
    await rig.stop()
  })

  async function runPairs(name: string, pairs: number, carriesToken: boolean) {
    const writer = openFleet(rig)
    // Room for all of them: a machine that is slow for a moment is no reason to turn one away.
    const reader = openFleet(rig, { router: { shed: { maxConcurrent: SESSIONS } } })
    const sessions = new CounterSessions({ writer: writer.db, reader: reader.db, carriesToken })
    const startedAt = performance.now()
    await sessions.run(name, SESSIONS, Math.ceil(pairs / SESSIONS))
    const seconds = (performance.now() - startedAt) / 1_000
    await Promise.all([writer.db.close(), reader.db.close()])
    const violations = checkGuarantees(sessions.history)
    const writes = sessions.history.filter(({ kind }) => kind === 'write').length
    const { byReplicas, reads, reasons } = tally(reader.router)
    console.log(
      `${name}: ${writes} pairs in ${seconds.toFixed(1)} s, ${violations.length} stale reads; ${reads} reads, ` +
        `${((100 * byReplicas) / reads).toFixed(1)} % by replicas (${JSON.stringify(reasons)}); ${lag.pauses} pauses so far`,
    )
    expect(sessions.foreignRows).toBe(0)
    return { violations, writes, share: byReplicas / reads }
  }

  function tally(router: Router) {
    const { reasons, routed: reads } = router.snapshot()
    return { byReplicas: (reasons.replica ?? 0) + (reasons.waited ?? 0), reads, reasons }
  }

  it('nobody misses a write of their own, and replicas serve most reads', { timeout: 180_000 }, async () => {
    const { violations, writes, share } = await runPairs('with tokens', PAIRS, true)
    expect(violations).toEqual([])
    expect(writes).toBeGreaterThanOrEqual(PAIRS)
    expect(share).toBeGreaterThanOrEqual(0.8)
  })

  it('they do without tokens', { timeout: 60_000 }, async () => {
    const { violations } = await runPairs('without tokens', CONTROL_PAIRS, false)
    expect(violations.length).toBeGreaterThan(10)
  })
})

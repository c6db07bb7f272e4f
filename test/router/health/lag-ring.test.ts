import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LagRing } from '../../../src/router/health/lag-ring.ts'

describe('the lag of a replica', () => {
  it('is the age of the newest sample that it has replayed', () => {
    const ring = new LagRing()
    for (let second = 0; second <= 10; second += 1) ring.sample(second * 1_000, BigInt(second * 100))
    expect(ring.lagMs(700n, 10_500)).toBe(3_500)
    expect(ring.lagMs(799n, 10_500)).toBe(3_500)
    expect(ring.lagBytes(799n)).toBe(201)
  })

  it('is nothing when it has replayed the newest sample, or is already past it', () => {
    const ring = new LagRing()
    ring.sample(0, 100n)
    for (const lsn of [100n, 105n]) {
      expect(ring.lagMs(lsn, 900)).toBe(0)
      expect(ring.leastLagMs(lsn, 900)).toBe(0)
      expect(ring.lagBytes(lsn)).toBe(0)
    }
  })

  it('stays nothing on an idle primary, for however long', () => {
    const ring = new LagRing(4)
    for (let second = 0; second <= 70; second += 1) ring.sample(second * 1_000, 100n)
    expect(ring.lagMs(100n, 70_900)).toBe(0)
    ring.sample(71_000, 200n)
    // What was idle until a second ago is no older than that.
    expect(ring.lagMs(100n, 71_000)).toBe(1_000)
  })

  it('grows while the primary is idle and the replica stands still', () => {
    const ring = new LagRing()
    ring.sample(0, 100n)
    for (let second = 1; second <= 60; second += 1) ring.sample(second * 1_000, 200n)
    expect(ring.lagMs(150n, 60_000)).toBe(60_000)
    expect(ring.leastLagMs(150n, 60_000)).toBe(59_000)
  })

  it('is not known before the primary was seen', () => {
    const ring = new LagRing()
    expect(ring.lagMs(1n, 0)).toBeUndefined()
    expect(ring.leastLagMs(1n, 0)).toBeUndefined()
    expect(ring.lagBytes(1n)).toBeUndefined()
    expect(ring.frozenSinceMs).toBeUndefined()
  })

  it('is known at the least where the samples do not reach back to it', () => {
    const ring = new LagRing(3)
    for (let second = 0; second <= 10; second += 1) ring.sample(second * 1_000, BigInt(second * 100))
    expect(ring.lagMs(750n, 10_000)).toBeUndefined()
    expect(ring.leastLagMs(750n, 10_000)).toBe(2_000)
    expect(ring.lagBytes(750n)).toBe(250)
  })

  it('is held while the probe of the primary fails, and says since when', () => {
    const ring = new LagRing()
    ring.sample(0, 100n)
    ring.sample(2_000, 200n)
    expect(ring.frozenSinceMs).toBeUndefined()
    ring.freeze()
    expect(ring.frozenSinceMs).toBe(2_000)
    expect(ring.lagMs(100n, 60_000)).toBe(2_000)
    expect(ring.lagMs(200n, 60_000)).toBe(0)
    ring.sample(61_000, 300n)
    expect(ring.frozenSinceMs).toBeUndefined()
    expect(ring.lagMs(200n, 61_500)).toBe(59_500)
  })

  it('forgets positions that a failover has undone', () => {
    const ring = new LagRing()
    for (const [atMs, lsn] of [
      [0, 100n],
      [1_000, 200n],
      [2_000, 300n],
      [9_000, 150n],
    ] as const) {
      ring.sample(atMs, lsn)
    }
    expect(ring.lagMs(150n, 9_500)).toBe(0)
    expect(ring.lagMs(120n, 9_500)).toBe(9_500)
    expect(ring.lagBytes(120n)).toBe(30)
    ring.sample(10_000, 250n)
    expect(ring.leastLagMs(150n, 10_500)).toBe(500)
  })

  it('is not disturbed by an answer that was overtaken', () => {
    const ring = new LagRing()
    ring.sample(5_000, 500n)
    ring.sample(4_000, 400n)
    expect(ring.lagBytes(500n)).toBe(0)
    expect(ring.lagBytes(400n)).toBe(100)
  })

  it('has the true lag between its bounds, which are no further apart than two samples', () => {
    const steps = fc.array(
      fc.record({ gapMs: fc.integer({ min: 1, max: 2_000 }), bytes: fc.nat({ max: 50 }) }),
      {
        minLength: 2,
        maxLength: 80,
      },
    )
    const property = fc.property(steps, fc.nat(), (list, choice) => {
      const ring = new LagRing(1_000)
      const seen: { atMs: number; lsn: bigint }[] = []
      let [atMs, lsn] = [0, 0n]
      for (const { gapMs, bytes } of list) {
        atMs += gapMs
        lsn += BigInt(bytes)
        ring.sample(atMs, lsn)
        seen.push({ atMs, lsn })
      }
      const replayed = seen[choice % seen.length]?.lsn ?? 0n
      const missing = seen.find((sample) => sample.lsn > replayed)
      const has = seen.findLast((sample) => sample.lsn <= replayed)
      const nowMs = atMs + 10
      expect(ring.leastLagMs(replayed, nowMs)).toBe(missing ? nowMs - missing.atMs : 0)
      expect(ring.lagMs(replayed, nowMs)).toBe(missing && has ? nowMs - has.atMs : 0)
    })
    fc.assert(property, { numRuns: 500 })
  })
})

import { describe, expect, it } from 'vitest'
import { viewCaches } from '../../../examples/console/view/cache-view.ts'
import { stretches } from '../../../examples/console/view/deltas.ts'
import { viewRouting } from '../../../examples/console/view/routing-view.ts'
import { AT_MS, observation, withMetrics } from './observation-builder.ts'

const cache = {
  ...{ hits: 90, localHits: 0, misses: 10, loads: 10, failedLoads: 0, staleRejected: 0, unavailable: 0 },
  ...{ isUsable: true, compared: 0, staleFound: 0, nines: 0 },
}

describe('routing', () => {
  it('takes rates from the stretch and the share of reads from all that was routed', () => {
    const before = withMetrics({ routes: { write: 20, replica: 30 }, uptimeS: 90 }, AT_MS - 10_000)
    const now = withMetrics({ routes: { write: 30, replica: 60, behind: 10, refused: 7 } })
    const view = viewRouting(now, stretches(before, now))
    expect(view.readShare).toBe(0.7)
    expect(view.replicaShare).toBeCloseTo(60 / 70)
    expect(view.reasons.map(({ reason, place, perS }) => [reason, place, perS])).toEqual([
      ['replica', 'replica', 3],
      ['behind', 'primary', 1],
      ['write', 'primary', 1],
      ['refused', 'nowhere', 0.7],
    ])
  })

  it('has no share of reads before anything was done', () => {
    expect(viewRouting(observation(), []).readShare).toBeUndefined()
  })

  it('takes the share of reads from what was done where nothing is routed, as without replicas', () => {
    const work = { reads: 60, writes: 20 }
    expect(viewRouting(withMetrics({ work }), [])).toMatchObject({ readShare: 0.75, judged: 80, routed: 0 })
    // What was routed is not counted again.
    expect(viewRouting(withMetrics({ work, routes: { write: 1, replica: 1 } }), [])).toMatchObject({
      readShare: 0.5,
      judged: 2,
    })
  })
})

describe('the cache', () => {
  it('shows the hits of the stretch, and of all where nothing was asked in it', () => {
    const before = withMetrics({ cache, uptimeS: 90 }, AT_MS - 10_000)
    const now = withMetrics({ cache: { ...cache, hits: 91, misses: 13 } })
    expect(viewCaches(now, stretches(before, now))[0]?.hitShare).toBe(0.25)
    const idle = withMetrics({ cache })
    expect(viewCaches(idle, stretches(before, idle))[0]?.hitShare).toBe(0.9)
  })

  it('vouches for nothing before anything was compared', () => {
    expect(viewCaches(withMetrics({ cache }), [])[0]?.nines).toBeUndefined()
  })

  it('is bad as soon as one hit was stale, and worth a look without Redis', () => {
    const stale = withMetrics({ cache: { ...cache, compared: 1_000, staleFound: 1, nines: 2.7 } })
    expect(viewCaches(stale, [])[0]?.status).toBe('bad')
    const alone = withMetrics({ cache: { ...cache, isUsable: false } })
    expect(viewCaches(alone, [])[0]?.status).toBe('warn')
  })
})

import { describe, expect, it } from 'vitest'
import { viewReplicas } from '../../../examples/console/view/replicas-view.ts'
import { metrics, observation, replica, seen } from './observation-builder.ts'

const seenBy = (...sights: readonly Parameters<typeof replica>[0][]) =>
  viewReplicas(
    observation({
      services: sights.map((sight, at) => ({
        name: `service-${at}`,
        metrics: seen(metrics({ replicas: [replica(sight)] })),
      })),
    }),
  )

describe('replicas', () => {
  it('stand as the service sees them that sees them worst, and say what each makes of them', () => {
    const [view] = seenBy(
      { state: 'healthy', lagMs: 3 },
      { state: 'ejected', lagMs: null, probeError: 'ECONNREFUSED' },
    )
    expect(view).toMatchObject({ status: 'bad', state: 'ejected', lagMs: 3 })
    expect(view?.sightings.map(({ state, probeError }) => [state, probeError])).toEqual([
      ['healthy', undefined],
      ['ejected', 'ECONNREFUSED'],
    ])
  })

  it('have the largest lag that is known, and none where nobody knows it', () => {
    expect(seenBy({ lagMs: 12 }, { lagMs: 4_100 })[0]?.lagMs).toBe(4_100)
    expect(seenBy({ lagMs: null })[0]?.lagMs).toBeUndefined()
  })

  it('are worth a look while they serve a second behind, which the router still puts up with', () => {
    expect(seenBy({ lagMs: 999 })[0]).toMatchObject({ status: 'ok', state: 'healthy' })
    expect(seenBy({ lagMs: 1_000 })[0]).toMatchObject({ status: 'warn', state: 'behind' })
    expect(seenBy({ state: 'lagging', lagMs: 9_000 })[0]).toMatchObject({ state: 'lagging' })
  })

  it('in a state of a later leasehold are unknown, and not well', () => {
    expect(seenBy({ state: 'hibernating' })[0]?.status).toBe('unknown')
  })
})

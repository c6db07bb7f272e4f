import { describe, expect, it } from 'vitest'
import { perSecond, stretches } from '../../../examples/console/view/deltas.ts'
import { historyPoint } from '../../../examples/console/view/history-point.ts'
import { AT_MS, observation, unseen, withMetrics } from './observation-builder.ts'

const http = (requests: number) => ({ http: { requests, errors: 0, byStatus: {} } })
const requestsOf = ({ http: { requests } }: { http: { requests: number } }) => requests

describe('rates of counters', () => {
  it('are what was added, by the seconds between the two answers of the service', () => {
    const before = withMetrics({ ...http(1_000), uptimeS: 100 }, AT_MS - 4_000)
    const now = withMetrics({ ...http(1_200), uptimeS: 104 })
    expect(perSecond(stretches(before, now), requestsOf)).toBe(50)
  })

  it('leave out a service that was started anew, whose counts began at 0', () => {
    const before = withMetrics({ ...http(10), uptimeS: 900 }, AT_MS - 4_000)
    const now = withMetrics({ ...http(500), uptimeS: 2 })
    expect(stretches(before, now)).toEqual([])
  })

  it('leave out a service that did not answer', () => {
    const silent = observation({ services: [{ name: 'core-api', metrics: unseen('Does not answer') }] })
    expect(stretches(silent, withMetrics(http(500)))).toEqual([])
    expect(stretches(withMetrics(http(500)), silent)).toEqual([])
  })
})

describe('a point of the charts', () => {
  it('has a gap, not a 0, where nobody answered', () => {
    const silent = observation({ services: [{ name: 'core-api', metrics: unseen('Does not answer') }] })
    const point = historyPoint(withMetrics(http(1), AT_MS - 1_000), silent)
    expect(point).toMatchObject({ requestsPerS: null, inUsePrimary: null, holdP99Ms: null, hitShare: null })
  })

  it('has no rate before there are two observations', () => {
    expect(historyPoint(undefined, withMetrics(http(1))).requestsPerS).toBeNull()
  })
})

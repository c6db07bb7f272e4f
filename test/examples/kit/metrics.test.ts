import { channel } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import { RecentDurations } from '../../../examples/kit/metrics/recent-durations.ts'
import { startMetrics } from '../../../examples/kit/metrics/start-metrics.ts'
import { TenantTally } from '../../../examples/kit/metrics/tenant-tally.ts'

describe('durations', () => {
  it('have percentiles of the last minute', () => {
    const recent = new RecentDurations()
    for (let duration = 1; duration <= 100; duration += 1) recent.add(duration, 0)
    expect(recent.percentiles(1_000)).toEqual({ p50: 50, p99: 99, max: 100 })
    recent.add(7, 50_000)
    expect(recent.percentiles(61_000)).toEqual({ p50: 7, p99: 7, max: 7 })
    expect(recent.percentiles(200_000)).toEqual({ p50: 0, p99: 0, max: 0 })
  })

  it('keep the latest of a busy minute', () => {
    const recent = new RecentDurations()
    for (let index = 0; index < 10_000; index += 1) recent.add(index < 5_000 ? 1_000 : 1, 0)
    expect(recent.percentiles(1)).toEqual({ p50: 1, p99: 1, max: 1 })
  })
})

describe('tenants', () => {
  it('are told by how busy they were, and forgotten when they are not', () => {
    const tally = new TenantTally()
    tally.count('a', { isError: false, durationMs: 5 }, 0)
    tally.count('b', { isError: true, durationMs: 20 }, 15_000)
    tally.count('a', { isError: false, durationMs: 5 }, 15_000)
    expect(tally.busiest(10, new Map([['a', 3]]), 20_000)).toEqual([
      { tenant: 'b', operations: 1, errors: 1, busyMs: 20, waiting: 0 },
      { tenant: 'a', operations: 2, errors: 0, busyMs: 10, waiting: 3 },
    ])
    expect(tally.busiest(1, new Map(), 20_000)).toHaveLength(1)
    expect(tally.busiest(10, new Map(), 72_000)).toMatchObject([
      { tenant: 'b' },
      { tenant: 'a', operations: 1 },
    ])
    expect(tally.busiest(10, new Map(), 90_000)).toEqual([])
  })
})

describe('the metrics of a service', () => {
  it('count what leasehold publishes, until they are let go of', () => {
    const metrics = startMetrics({ service: 'test' })
    const work = { tenantHash: 'abc', outcome: 'committed', code: undefined, readOnly: true, statements: 1 }
    channel('leasehold:batch').publish({ ...work, durationMs: 2 })
    channel('leasehold:transaction').publish({ ...work, outcome: 'failed', readOnly: false, durationMs: 8 })
    // Work of no tenant, as the cache's own.
    channel('leasehold:batch').publish({ ...work, tenantHash: '', durationMs: 2 })
    channel('leasehold:route').publish({
      target: 'r1',
      reason: 'replica',
      attempts: 1,
      waitedMs: 0,
      durationMs: 2,
    })
    channel('leasehold:alarm').publish({ alarm: 'protocol-desync', detail: '' })
    for (const status of [200, 200, 404, 503]) metrics.countResponse(status)
    const counted = {
      http: { requests: 4, errors: 1, byStatus: { 200: 2, 404: 1, 503: 1 } },
      routes: { replica: 1 },
      work: { reads: 1, writes: 1 },
      roundTripMs: { p50: 2 },
      holdMs: { p50: 8 },
      tenants: [{ tenant: 'abc', operations: 2, errors: 1, busyMs: 10 }],
      alarms: 1,
    }
    expect(metrics.snapshot()).toMatchObject(counted)
    metrics[Symbol.dispose]()
    channel('leasehold:batch').publish({ ...work, durationMs: 2 })
    expect(metrics.snapshot()).toMatchObject(counted)
  })

  it('are for whoever has their token', () => {
    using metrics = startMetrics({ service: 'test' })
    const token = 't'.repeat(40)
    expect(metrics.mayRead(`Bearer ${token}`, token)).toBe(true)
    for (const wrong of [undefined, '', token, `Bearer ${token}x`, `Bearer ${'u'.repeat(40)}`]) {
      expect(metrics.mayRead(wrong, token)).toBe(false)
    }
  })
})

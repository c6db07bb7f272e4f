import { timingSafeEqual } from 'node:crypto'
import type { PoolSnapshot, WorkEvent } from 'leasehold'
import type { AuditReport, Cache } from 'leasehold/cache'
import type { Router } from 'leasehold/router'
import type { ReplicaPool } from '../replica-pools.ts'
import { addUp } from './cache-counts.ts'
import { listen } from './listen.ts'
import { poolMetrics, replicaPoolMetrics } from './pool-metrics.ts'
import { RecentDurations } from './recent-durations.ts'
import type { CacheMetrics, ReplicaMetrics, ServiceMetrics } from './service-metrics.ts'
import { TenantTally } from './tenant-tally.ts'

/** Where the numbers of a service come from. */
export interface MetricsSources {
  readonly service: string
  /** The database object, as far as its pool goes. */
  readonly db?: { pool(longestQueues?: number): PoolSnapshot } | undefined
  readonly router?: Pick<Router, 'snapshot'> | undefined
  readonly replicas?: readonly ReplicaPool[] | undefined
  readonly cache?: Pick<Cache, 'snapshot'> | undefined
  readonly audit?: { report(): Readonly<Record<string, AuditReport>> } | undefined
}

/** The numbers of one process. Made by {@link startMetrics}. */
export interface Metrics extends Disposable {
  snapshot(): ServiceMetrics
  /** To be called for each response that was sent. */
  countResponse(status: number): void
  /** Whether a request to `/internal/metrics` may have them: an `Authorization` header against `METRICS_TOKEN`. */
  mayRead(authorization: string | undefined | null, metricsToken: string): boolean
}

const MOST_TENANTS = 10
const MOST_QUEUES = 100

/** Begins to count what leasehold publishes on its channels. Once in a process. */
export function startMetrics({ service, db, router, replicas = [], cache, audit }: MetricsSources): Metrics {
  const startedAtMs = performance.now()
  const held = new RecentDurations()
  const roundTrips = new RecentDurations()
  const tenants = new TenantTally()
  const routes: Record<string, number> = {}
  const byStatus: Record<string, number> = {}
  let reads = 0
  let writes = 0
  let alarms = 0

  const countWork =
    (durations: RecentDurations) =>
    (event: Pick<WorkEvent, 'tenantHash' | 'outcome' | 'readOnly' | 'durationMs'>) => {
      const nowMs = performance.now()
      durations.add(event.durationMs, nowMs)
      if (event.tenantHash === '') return
      if (event.readOnly) reads += 1
      else writes += 1
      const isError = event.outcome === 'failed' || event.outcome === 'unknown'
      tenants.count(event.tenantHash, { isError, durationMs: event.durationMs }, nowMs)
    }
  const stops = [
    listen('leasehold:batch', countWork(roundTrips)),
    listen('leasehold:transaction', countWork(held)),
    listen('leasehold:route', ({ reason }) => {
      routes[reason] = (routes[reason] ?? 0) + 1
    }),
    listen('leasehold:alarm', () => {
      alarms += 1
    }),
  ]

  const snapshot = (): ServiceMetrics => {
    const nowMs = performance.now()
    const primary = db?.pool(MOST_QUEUES)
    const waiting = new Map(primary?.longestQueues.map(({ tenantHash, waiting }) => [tenantHash, waiting]))
    const responses = Object.entries(byStatus)
    const sum = (entries: typeof responses) => entries.reduce((total, [, count]) => total + count, 0)
    return {
      service,
      at: new Date().toISOString(),
      uptimeS: Math.round((nowMs - startedAtMs) / 1_000),
      pools: [...(primary ? [poolMetrics('primary', primary)] : []), ...replicas.map(replicaPoolMetrics)],
      replicas: router?.snapshot().replicas.map(replicaMetrics) ?? [],
      routes: { ...routes },
      work: { reads, writes },
      http: {
        requests: sum(responses),
        errors: sum(responses.filter(([status]) => Number(status) >= 500)),
        byStatus: { ...byStatus },
      },
      holdMs: held.percentiles(nowMs),
      roundTripMs: roundTrips.percentiles(nowMs),
      ...(cache && { cache: cacheMetrics(cache, audit) }),
      tenants: tenants.busiest(MOST_TENANTS, waiting, nowMs),
      alarms,
    }
  }

  return {
    snapshot,
    countResponse(status) {
      byStatus[status] = (byStatus[status] ?? 0) + 1
    },
    mayRead(authorization, metricsToken) {
      const given = Buffer.from(authorization ?? '')
      const expected = Buffer.from(`Bearer ${metricsToken}`)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    [Symbol.dispose]() {
      for (const stop of stops) stop()
    },
  }
}

function replicaMetrics(replica: ReturnType<Router['snapshot']>['replicas'][number]): ReplicaMetrics {
  const {
    id,
    state,
    stateMs,
    lagMs = null,
    lagBytes = null,
    outstanding,
    served,
    ejections,
    probeError = null,
  } = replica
  return { id, state, stateMs, lagMs, lagBytes, outstanding, served, ejections, probeError }
}

function cacheMetrics(
  cache: NonNullable<MetricsSources['cache']>,
  audit: MetricsSources['audit'],
): CacheMetrics {
  const { redis, definitions } = cache.snapshot()
  const reports = Object.values(audit?.report() ?? {})
  return {
    ...addUp(Object.values(definitions)),
    isUsable: redis.isUsable,
    compared: reports.reduce((total, { compared }) => total + compared, 0),
    staleFound: reports.reduce((total, { stale }) => total + stale, 0),
    nines: reports.length === 0 ? 0 : Math.min(...reports.map(({ nines }) => nines)),
  }
}

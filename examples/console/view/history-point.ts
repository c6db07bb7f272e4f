import type { Observation } from '../collect/observation.ts'
import { hitShareOf } from './cache-view.ts'
import { sum } from './connections-view.ts'
import { perSecond, stretches } from './deltas.ts'
import { countAt } from './routing-view.ts'

/** One moment on the charts; `null` is a gap. */
export interface HistoryPoint {
  readonly atMs: number
  readonly inUsePrimary: number | null
  readonly inUseReplica: number | null
  readonly serverConnections: number | null
  readonly requestsPerS: number | null
  readonly errorsPerS: number | null
  /** Of the service where it is largest: percentiles cannot be added up. */
  readonly holdP50Ms: number | null
  readonly holdP99Ms: number | null
  readonly toPrimaryPerS: number | null
  readonly toReplicaPerS: number | null
  readonly hitShare: number | null
  /** By the id of the replica. */
  readonly lagMs: Readonly<Record<string, number | null>>
}

/** What the charts keep of a moment; rates are since the one before. */
export function historyPoint(before: Observation | undefined, now: Observation): HistoryPoint {
  const answering = now.services.flatMap(({ metrics }) => (metrics.ok ? [metrics.value] : []))
  const all = stretches(before, now)
  const server = now.databases[0]?.server
  const whenAny = (value: number) => (answering.length === 0 ? null : value)
  const whenStretched = (value: number) => (all.length === 0 ? null : value)
  const inUse = (role: 'primary' | 'replica') =>
    sum(
      answering.flatMap(({ pools }) => pools.filter((pool) => pool.role === role).map((pool) => pool.inUse)),
    )
  const lags = Map.groupBy(
    answering.flatMap(({ replicas }) => replicas),
    ({ id }) => id,
  )
  return {
    atMs: now.atMs,
    inUsePrimary: whenAny(inUse('primary')),
    inUseReplica: whenAny(inUse('replica')),
    serverConnections: server?.ok ? sum(server.value.connections.map((each) => each.connections)) : null,
    requestsPerS: whenStretched(perSecond(all, ({ http }) => http.requests)),
    errorsPerS: whenStretched(perSecond(all, ({ http }) => http.errors)),
    holdP50Ms: whenAny(Math.max(0, ...answering.map(({ holdMs }) => holdMs.p50))),
    holdP99Ms: whenAny(Math.max(0, ...answering.map(({ holdMs }) => holdMs.p99))),
    toPrimaryPerS: whenStretched(perSecond(all, countAt('primary'))),
    toReplicaPerS: whenStretched(perSecond(all, countAt('replica'))),
    hitShare: hitShareOf(all) ?? null,
    lagMs: Object.fromEntries(
      [...lags].map(([id, sights]) => {
        const known = sights.flatMap(({ lagMs }) => (lagMs === null ? [] : [lagMs]))
        return [id, known.length === 0 ? null : Math.max(...known)]
      }),
    ),
  }
}

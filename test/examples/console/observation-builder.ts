import type { PoolMetrics, ReplicaMetrics, ServiceMetrics, TenantMetrics } from '@clinic/kit'
import type { Observation, Reading, ServerState } from '../../../examples/console/collect/observation.ts'

export const AT_MS: number = Date.UTC(2026, 10, 23, 8, 0, 0)

export function seen<T>(value: T, atMs: number = AT_MS): Reading<T> {
  return { ok: true, atMs, value }
}

export function unseen<T>(reason: string, atMs: number = AT_MS): Reading<T> {
  return { ok: false, atMs, reason }
}

export function metrics(
  changes: Partial<ServiceMetrics> = {},
  { atMs = AT_MS }: { readonly atMs?: number } = {},
): ServiceMetrics {
  return {
    service: 'core-api',
    at: new Date(atMs).toISOString(),
    uptimeS: 100,
    pools: [],
    replicas: [],
    routes: {},
    work: { reads: 0, writes: 0 },
    http: { requests: 0, errors: 0, byStatus: {} },
    holdMs: { p50: 0, p99: 0, max: 0 },
    roundTripMs: { p50: 0, p99: 0, max: 0 },
    tenants: [],
    alarms: 0,
    ...changes,
  }
}

export function pool(changes: Partial<PoolMetrics> = {}): PoolMetrics {
  const stock = { capacity: 2, total: 2, idle: 2, inUse: 0, waiting: 0 }
  const counts = {
    acquired: 0,
    acquireMs: 0,
    acquireMaxMs: 0,
    timedOut: 0,
    refused: 0,
    failed: 0,
    discarded: 0,
  }
  return { name: 'primary', role: 'primary', ...stock, ...counts, ...changes }
}

export function replica(changes: Partial<ReplicaMetrics> = {}): ReplicaMetrics {
  return {
    ...{ id: 'r1', state: 'healthy', stateMs: 5_000, lagMs: 2, lagBytes: 0, outstanding: 0, served: 0 },
    ...{ ejections: 0, probeError: null },
    ...changes,
  }
}

export function tenant(changes: Partial<TenantMetrics> = {}): TenantMetrics {
  return { tenant: 'aaaaaaaaaaaa', operations: 10, errors: 0, busyMs: 100, waiting: 0, ...changes }
}

export function server(changes: Partial<ServerState> = {}): ServerState {
  return { connections: [], standbys: [], maxConnections: 100, reservedConnections: 3, ...changes }
}

/** A platform where all is well, and nobody does anything. */
export function observation(changes: Partial<Observation> = {}): Observation {
  return {
    atMs: AT_MS,
    phaseLabel: '1',
    services: [{ name: 'core-api', metrics: seen(metrics()) }],
    databases: [{ name: 'clinic', server: seen(server()), months: seen([]), findings: seen([]) }],
    clinics: seen([]),
    patients: seen(0),
    ...changes,
  }
}

/** The same with one service, that said this. */
export function withMetrics(changes: Partial<ServiceMetrics>, atMs: number = AT_MS): Observation {
  return observation({
    atMs,
    services: [{ name: 'core-api', metrics: seen(metrics(changes, { atMs }), atMs) }],
  })
}

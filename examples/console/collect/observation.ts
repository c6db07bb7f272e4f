import type { ServiceMetrics } from '@clinic/kit'

/** What a source said, or why it said nothing. A source that fails takes nothing else away. */
export type Reading<T> =
  | { readonly ok: true; readonly atMs: number; readonly value: T }
  | { readonly ok: false; readonly atMs: number; readonly reason: string }

/** One service, as its `/internal/metrics` answered. */
export interface ServiceReading {
  readonly name: string
  readonly metrics: Reading<ServiceMetrics>
}

/** Client connections of one kind, as `operator.connections()` counts them. */
export interface ConnectionCount {
  /** Nothing, as the role, of one that is only just being let in. */
  readonly database: string | null
  readonly role: string | null
  readonly application: string
  /** `active`, `idle`, `idle in transaction`, …; nothing where the server does not say. */
  readonly state: string | null
  readonly connections: number
  /** Seconds since the one of them that has been in this state for longest came into it. */
  readonly longestS: number | null
}

/** One standby that streams from the primary, as the primary sees it. */
export interface Standby {
  readonly name: string
  readonly state: string
  readonly syncState: string
  readonly lagMs: number | null
  readonly lagBytes: number | null
}

/** How a database server stands at one moment. */
export interface ServerState {
  readonly connections: readonly ConnectionCount[]
  readonly standbys: readonly Standby[]
  readonly maxConnections: number
  /** Those that only superusers, and members of pg_use_reserved_connections, can have. */
  readonly reservedConnections: number
}

/** A clinic by what its events are counted under. Its tenant id never leaves the database. */
export interface ClinicName {
  readonly tenantHash: string
  readonly name: string
  readonly isDedicated: boolean
}

/** A table that is kept in months. */
export interface MonthlyTable {
  readonly table: string
  readonly monthsAhead: number
  /** ISO 8601; nothing where a partition has no end. */
  readonly refusesFrom: string | undefined
  readonly partitions: readonly MonthPartition[]
}

/** One partition; its bounds in ISO 8601, nothing for an open end. */
export interface MonthPartition {
  readonly name: string
  readonly from: string | undefined
  readonly to: string | undefined
  /** As the statistics have it; nothing where there are none yet. */
  readonly estimatedRows: number | undefined
  readonly bytes: number
}

/** One finding of the audit: names of objects, never a row's value. */
export interface AuditFinding {
  readonly rule: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly object: string
  readonly message: string
  readonly fix: string
}

/** All that is known of one database server. */
export interface DatabaseReading {
  readonly name: string
  readonly server: Reading<ServerState>
  readonly months: Reading<readonly MonthlyTable[]>
  readonly findings: Reading<readonly AuditFinding[]>
}

/** All that the sources said at one moment. Plain data: everything that is shown is worked out from it. */
export interface Observation {
  readonly atMs: number
  readonly phaseLabel: string
  readonly services: readonly ServiceReading[]
  /** The clinics' database first. */
  readonly databases: readonly DatabaseReading[]
  readonly clinics: Reading<readonly ClinicName[]>
  /** As the statistics have it. */
  readonly patients: Reading<number>
}

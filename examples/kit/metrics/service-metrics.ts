import type { CacheCounts } from './cache-counts.ts'

/** How one pool of client connections stands. Counts and durations are since the start. */
export interface PoolMetrics {
  /** `primary`, or the id of a replica. */
  readonly name: string
  readonly role: 'primary' | 'replica'
  /** Connections that there may be. */
  readonly capacity: number
  /** Connections that there are, and those of them that nobody uses. */
  readonly total: number
  readonly idle: number
  /** Places that are taken, and callers that wait for one. */
  readonly inUse: number
  readonly waiting: number
  readonly acquired: number
  readonly acquireMs: number
  readonly acquireMaxMs: number
  readonly timedOut: number
  readonly refused: number
  readonly failed: number
  readonly discarded: number
}

/** How one replica stands, as this service sees it. */
export interface ReplicaMetrics {
  readonly id: string
  /** `healthy`, `warming`, `lagging`, `ejected`, …: see docs/router.md. */
  readonly state: string
  readonly stateMs: number
  /** `null` where nobody knows. */
  readonly lagMs: number | null
  readonly lagBytes: number | null
  readonly outstanding: number
  readonly served: number
  readonly ejections: number
  /** The code of what its last probe failed with. */
  readonly probeError: string | null
}

/** What one tenant has done in the last minute. */
export interface TenantMetrics {
  /**
   * The first 12 hexadecimal digits of the SHA-256 of the tenant id, as in leasehold's events: `left(encode(sha256(tenant_id::text::bytea),
   * 'hex'), 12)`. Who knows the ids knows whom it means.
   */
  readonly tenant: string
  readonly operations: number
  readonly errors: number
  /** Milliseconds that its operations took together, waiting for a connection included. */
  readonly busyMs: number
  /** Its callers that wait for a connection of the primary now. */
  readonly waiting: number
}

/** Percentiles of the last minute, in milliseconds; 0 where nothing happened. */
export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** What `GET /internal/metrics` answers. No value of a row, no tenant's name, no statement's text. */
export interface ServiceMetrics {
  readonly service: string
  /** When, in ISO 8601. */
  readonly at: string
  readonly uptimeS: number
  readonly pools: readonly PoolMetrics[]
  readonly replicas: readonly ReplicaMetrics[]
  /** How many reads and writes went where they went for which reason, since the start. See `RouteReason`. */
  readonly routes: Readonly<Record<string, number>>
  /** What was done for tenants since the start, by whether it might write. Known without replicas too, where nothing is routed. */
  readonly work: { readonly reads: number; readonly writes: number }
  /** Responses since the start; `errors` are those of status 500 and above. */
  readonly http: {
    readonly requests: number
    readonly errors: number
    readonly byStatus: Readonly<Record<string, number>>
  }
  /** How long transactions took from their first statement on: how long a connection belonged to one caller. */
  readonly holdMs: Percentiles
  /** How long single statements and batches took. */
  readonly roundTripMs: Percentiles
  /** Nothing where the service has no cache. */
  readonly cache?: CacheMetrics
  /** The ten busiest of the last minute. */
  readonly tenants: readonly TenantMetrics[]
  /** Events of `leasehold:alarm` since the start: poisoned backends, foreign replies. 0 is the only good number. */
  readonly alarms: number
}

/** What the cache did since the start, and what its audit found. */
export interface CacheMetrics extends CacheCounts {
  /** Whether Redis can be used. */
  readonly isUsable: boolean
  /** Hits that were compared with the primary, and those of them that were stale. */
  readonly compared: number
  readonly staleFound: number
  /** What these comparisons vouch for: 3 is one in a thousand. The worst of all definitions. */
  readonly nines: number
}

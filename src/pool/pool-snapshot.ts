import type { AdmissionSnapshot } from '../admission/admission.ts'
import type { AcquireCounts } from './acquire-tally.ts'

/** One tenant's callers in the queue. */
export interface TenantQueueLength {
  /** The first 12 hexadecimal digits of the SHA-256 of the tenant id, as in the events. */
  readonly tenantHash: string
  readonly waiting: number
}

/**
 * How a pool and its queue stood at one moment, and what they had done until then. Durations are in milliseconds, and
 * counts only grow, so that the difference of two snapshots tells what happened between them.
 */
export interface PoolSnapshot extends AdmissionSnapshot, AcquireCounts {
  /** Connections that exist, whoever uses them. */
  readonly total: number
  readonly idle: number
  /** The tenants with the most callers waiting, most first; as many as were asked for. */
  readonly longestQueues: readonly TenantQueueLength[]
}

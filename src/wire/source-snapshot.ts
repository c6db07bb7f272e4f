import type { PoolSnapshot } from '../pool/pool-snapshot.ts'
import type { MultiplexSnapshot } from './multiplexing/multiplex-snapshot.ts'
import type { TenantSource } from './tenant-source.ts'

/** How a pool stood at one moment, and how its connections were shared. */
export interface SourceSnapshot extends PoolSnapshot {
  /** Nothing where batches do not share connections. */
  readonly multiplexing: MultiplexSnapshot | undefined
}

/** @param longestQueues how many tenants to name, those with the most callers waiting; takes time for each that waits */
export function snapshotSource(
  { admission, multiplexer }: TenantSource,
  longestQueues: number,
): SourceSnapshot {
  return Object.freeze({ ...admission.snapshot(longestQueues), multiplexing: multiplexer?.snapshot() })
}

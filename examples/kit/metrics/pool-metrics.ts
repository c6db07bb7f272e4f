import type { PoolSnapshot } from 'leasehold'
import type { ReplicaPool } from '../replica-pools.ts'
import type { PoolMetrics } from './service-metrics.ts'

/** Of a pool of leasehold's, which counts what becomes of requests for a connection. */
export function poolMetrics(name: string, pool: PoolSnapshot): PoolMetrics {
  const { capacity, total, idle, inUse, waiting } = pool
  const { acquired, acquireMs, acquireMaxMs, timedOut, refused, failed, discarded } = pool
  return {
    name,
    role: 'primary',
    ...{ capacity, total, idle, inUse, waiting },
    ...{ acquired, acquireMs, acquireMaxMs, timedOut, refused, failed, discarded },
  }
}

/** Of a pool of our own, which counts what is asked of it. What waits ahead of it, in leasehold's queue for a replica, it does not see. */
export function replicaPoolMetrics({ id, pool }: ReplicaPool): PoolMetrics {
  const { totalCount: total, idleCount: idle, waitingCount: waiting } = pool
  return {
    name: id,
    role: 'replica',
    capacity: pool.options.max,
    total,
    idle,
    inUse: total - idle,
    waiting,
    ...pool.counts(),
    // pg refuses nobody: whoever finds no connection waits.
    refused: 0,
  }
}

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

/** Of a pool of our own, which knows how many connections there are, and nothing of what was asked of it. */
export function replicaPoolMetrics({ id, pool }: ReplicaPool): PoolMetrics {
  const { totalCount: total, idleCount: idle, waitingCount: waiting } = pool
  const counts = {
    acquired: 0,
    acquireMs: 0,
    acquireMaxMs: 0,
    timedOut: 0,
    refused: 0,
    failed: 0,
    discarded: 0,
  }
  return {
    name: id,
    role: 'replica',
    capacity: pool.options.max,
    total,
    idle,
    inUse: total - idle,
    waiting,
    ...counts,
  }
}

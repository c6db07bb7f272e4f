import pg, { type PoolConfig } from 'pg'
import type { PgPool, PoolOptions } from './pg-pool.ts'

/** Makes a pool of leasehold's own. Its clients pipeline, so statements that are issued together share a round trip. */
export function createPool(options: PoolOptions): PgPool {
  const pool: PgPool = new pg.Pool({ ...options, pipeline: true } as PoolConfig)
  // An idle connection that is lost leaves the pool by itself; without a listener the event would end the process.
  pool.on('error', () => {})
  return pool
}

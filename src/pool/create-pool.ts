import pg, { type PoolConfig } from 'pg'
import type { PgPool, PoolOptions } from './pg-pool.ts'

/**
 * Makes a pool of leasehold's own. Its clients pipeline, so statements that are issued together share a round trip.
 *
 * @param connectTimeoutMs how long making one connection may take, unless the options say. By itself pg waits for ever, and a
 *   connection that is never made keeps its place in the pool: a black hole would use the pool up.
 */
export function createPool(options: PoolOptions, connectTimeoutMs: number): PgPool {
  const { connectionTimeoutMillis = connectTimeoutMs } = options
  const pool: PgPool = new pg.Pool({ ...options, connectionTimeoutMillis, pipeline: true } as PoolConfig)
  // An idle connection that is lost leaves the pool by itself; without a listener the event would end the process.
  pool.on('error', () => {})
  return pool
}

import { CountingPool } from './counting-pool.ts'
import type { ReplicaUrl } from './env/variables.ts'

/** A replica for the option `replicas` of `createLeasehold`, with a pool of the service's own: one that the metrics can count. */
export interface ReplicaPool {
  readonly id: string
  readonly pool: CountingPool
}

/** Milliseconds that making a connection may take; by itself pg waits for ever, and a black hole would use the pool up. */
const CONNECT_TIMEOUT_MS = 2_000

/**
 * Makes a pool for each of `REPLICA_URLS`. Connects to nothing yet.
 *
 * Whoever makes them ends them, after `db.close()`.
 */
export function replicaPools(replicas: readonly ReplicaUrl[], max: number): readonly ReplicaPool[] {
  return replicas.map(({ id, connectionString }) => {
    const pool = new CountingPool({ connectionString, max, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
    // An idle connection that is lost leaves the pool by itself; without a listener the event would end the process.
    pool.on('error', () => {})
    return { id, pool }
  })
}

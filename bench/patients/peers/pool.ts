import { Pool, type PoolClient, type PoolConfig } from 'pg'

/** A pool of a peer. */
export function openPool(config: PoolConfig): Pool {
  // While others work it keeps what it has: connecting is not what is measured.
  const pool = new Pool({ idleTimeoutMillis: 0, ...config })
  // What uses a connection that was lost is told so itself.
  pool.on('error', () => {})
  return pool
}

/** Runs work on one connection; one that it failed on is not used again. */
export async function onClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const value = await work(client)
    client.release()
    return value
  } catch (error) {
    client.release(true)
    throw error
  }
}

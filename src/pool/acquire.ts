import { ConfigError } from '../errors/config.ts'
import { AcquireTimeoutError, ConnectError } from '../errors/connection.ts'
import { isServerError } from '../errors/server-error.ts'
import { acquireEvents } from '../telemetry.ts'
import { Lease } from './lease.ts'
import type { PgPool } from './pg-pool.ts'

/**
 * Takes a connection out of a pool.
 *
 * @param timeoutMs how long to wait for one, at most
 * @throws {AcquireTimeoutError} none became free in time
 * @throws {ConnectError} a new connection could not be made
 * @throws the server's own error when it refused the login
 */
export async function acquire(pool: PgPool, timeoutMs: number): Promise<Lease> {
  const startedAt = performance.now()
  let outcome = 'failed'
  try {
    const lease = await connectWithin(pool, timeoutMs)
    outcome = 'acquired'
    return lease
  } finally {
    acquireEvents.publish(() => ({
      outcome,
      durationMs: performance.now() - startedAt,
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }))
  }
}

function connectWithin(pool: PgPool, timeoutMs: number): Promise<Lease> {
  return new Promise((resolve, reject) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      const { totalCount: total, idleCount: idle, waitingCount: waiting } = pool
      reject(new AcquireTimeoutError(timeoutMs, { total, idle, waiting }))
    }, timeoutMs)
    pool.connect().then(
      (client) => {
        clearTimeout(timer)
        // pg-pool cannot take a request back: a connection that comes late must go straight back, or it leaks.
        if (late) client.release()
        else resolve(new Lease(client))
      },
      (cause: unknown) => {
        clearTimeout(timer)
        reject(refusal(cause))
      },
    )
  })
}

function refusal(cause: unknown): unknown {
  if (isServerError(cause) || cause instanceof ConfigError) return cause
  return new ConnectError(cause)
}

import { LeaseholdError } from './leasehold-error.ts'

/** Counts of a pool at the moment an error was made. */
export interface PoolCounts {
  /** Connections that exist, busy ones included. */
  readonly total: number
  readonly idle: number
  /** Callers that wait for a connection. */
  readonly waiting: number
}

/** No connection became free within `acquireTimeoutMs`. Nothing was sent. */
export class AcquireTimeoutError extends LeaseholdError {
  readonly code = 'LSH_ERR_ACQUIRE_TIMEOUT'
  readonly retryable = true
  readonly pool: PoolCounts

  constructor(waitedMs: number, pool: PoolCounts) {
    super(
      `No connection became free within ${waitedMs} ms (pool: ${pool.total} connections, ${pool.idle} idle, ` +
        `${pool.waiting} callers waiting). Look for transactions that wait on something other than the ` +
        'database, raise the size of the pool, or raise acquireTimeoutMs.',
    )
    this.pool = pool
  }
}

/** A new connection to the server could not be made. Nothing was sent. `cause` is the network's error. */
export class ConnectError extends LeaseholdError {
  readonly code = 'LSH_ERR_CONNECT'
  readonly retryable = true

  constructor(cause: unknown) {
    super(
      'A connection to PostgreSQL could not be made. Check that the server or pooler in `primary` is up and ' +
        'reachable; the cause says what the network answered.',
      { cause },
    )
  }
}

/** The connection was lost, and nothing of the call was applied: it was read only, or its COMMIT had not been sent. */
export class ConnectionLostError extends LeaseholdError {
  readonly code = 'LSH_ERR_CONNECTION_LOST'
  readonly retryable = true

  constructor(cause: unknown) {
    super(
      'The connection to PostgreSQL was lost before the call was answered. Nothing of it was applied, so it ' +
        'may be made again.',
      { cause },
    )
  }
}

/** The call's time is up, and nothing of it was applied. The connection was destroyed, not returned to the pool. */
export class DeadlineError extends LeaseholdError {
  readonly code = 'LSH_ERR_DEADLINE'
  readonly retryable = true

  constructor(timeoutMs: number, step: string) {
    super(
      `The deadline of ${timeoutMs} ms passed during ${step}; the connection was destroyed and nothing was ` +
        'applied. Make the work smaller, or raise timeoutMs for this call.',
    )
  }
}

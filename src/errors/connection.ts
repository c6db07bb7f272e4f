import { LeaseholdError } from './leasehold-error.ts'

/** Counts of a pool at the moment an error was made. */
export interface PoolCounts {
  /** Connections that exist, busy ones included. */
  readonly total: number
  readonly idle: number
  /** Callers that wait inside the pool itself. */
  readonly waiting: number
}

/** The queue in front of a pool, at the moment an error was made. */
export interface QueueCounts {
  /** Callers that wait, of all tenants. */
  readonly waiting: number
  /** Tenants that have callers waiting. */
  readonly tenants: number
  /** Callers of this tenant that wait. */
  readonly waitingOfTenant: number
  /** How many of those are before this one, at most. */
  readonly ahead: number
}

/** No connection became free within `acquireTimeoutMs`. Nothing was sent. */
export class AcquireTimeoutError extends LeaseholdError {
  readonly code = 'LSH_ERR_ACQUIRE_TIMEOUT'
  readonly retryable = true
  /** Milliseconds that the call waited. */
  readonly waitedMs: number
  readonly pool: PoolCounts
  /** How the call stood in the queue; `undefined` when its turn had come and the pool had no connection for it yet. */
  readonly queue: QueueCounts | undefined

  constructor(waitedMs: number, pool: PoolCounts, queue?: QueueCounts) {
    super(queue ? describeQueueing(waitedMs, pool, queue) : describeConnecting(waitedMs, pool))
    this.waitedMs = waitedMs
    this.pool = pool
    this.queue = queue
  }
}

function describeQueueing(waitedMs: number, pool: PoolCounts, queue: QueueCounts): string {
  return (
    `No connection became free within ${Math.round(waitedMs)} ms (pool: ${pool.total} connections, ${pool.idle} ` +
    `idle; queue: ${queue.waiting} callers of ${queue.tenants} tenants wait, ${queue.waitingOfTenant} of them of ` +
    `this tenant, at most ${queue.ahead} of those before this one). Look for transactions that wait on something ` +
    'other than the database, and for queries beside `tx` inside a transaction, which need a second connection; ' +
    'raise the size of the pool, or raise acquireTimeoutMs.'
  )
}

function describeConnecting(waitedMs: number, pool: PoolCounts): string {
  return (
    `The pool handed out no connection within ${Math.round(waitedMs)} ms, although this call's turn had come (pool: ` +
    `${pool.total} connections, ${pool.idle} idle, ${pool.waiting} callers waiting). Either the server or the ` +
    'pooler in front of it is slow to accept connections, or others that share the pool hold them.'
  )
}

/** As many callers wait for a connection as the options allow, so this one was turned away at once. Nothing was sent. */
export class QueueFullError extends LeaseholdError {
  readonly code = 'LSH_ERR_QUEUE_FULL'
  readonly retryable = true
  /** Which limit was met: that of the pool, `maxQueue`, or that of the tenant, `maxQueuePerTenant`. */
  readonly scope: 'pool' | 'tenant'
  readonly limit: number
  readonly queue: QueueCounts

  constructor(scope: 'pool' | 'tenant', limit: number, queue: QueueCounts) {
    super(
      `The queue for a connection is full: ${queue.waiting} callers of ${queue.tenants} tenants wait, ` +
        `${queue.waitingOfTenant} of them of this tenant, and options.admission.` +
        `${scope === 'pool' ? 'maxQueue' : 'maxQueuePerTenant'} is ${limit}. Have the caller try again later, as ` +
        'with HTTP 503 and Retry-After; raise the size of the pool, or raise the limit.',
    )
    this.scope = scope
    this.limit = limit
    this.queue = queue
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

import { Admission } from '../admission/admission.ts'
import type { AdmissionRules } from '../admission/admission-rules.ts'
import type { ContextTenant } from '../context/no-tenant.ts'
import { hashTenant } from '../context/tenant-hash.ts'
import { ConfigError } from '../errors/config.ts'
import { ClosedError } from '../errors/outcome.ts'
import { AcquireTally } from './acquire-tally.ts'
import { InFlight } from './in-flight.ts'
import type { Lease } from './lease.ts'
import { type LeaseDesk, LeaseRequest } from './lease-request.ts'
import type { PgClient, PgPool } from './pg-pool.ts'
import type { PoolSnapshot } from './pool-snapshot.ts'

/**
 * The way to a pool's connections, and the only one that leasehold takes: it lets in as many callers as the pool has
 * connections, and has the others wait where tenants are served in turn. One for each pool.
 *
 * In a pool that others use too, those admitted may still wait behind them in the pool's own queue, first come first
 * served; there are never more of them than the pool has connections.
 *
 * Dead-lock: a place is held only by who has a connection, or is about to be handed one by the pool. A transaction takes
 * one, at its first statement, and every `withTenant` nested in it joins it and takes none. So whoever holds a place
 * asks for no other, and any number of handlers gets through a pool of any size. The exception is work beside `tx`
 * inside a transaction, such as `db.tenant(id).query` or a transaction over another pool: it waits for a second place
 * while it holds one. When all who hold a place do that at once, none can go on, and the deadline of each wait ends it:
 * after `acquireTimeoutMs` they fail with `AcquireTimeoutError`, and their transactions roll back.
 */
export class PoolGate {
  readonly #desk: LeaseDesk
  /** Once closed: whether a request belongs to work that is still to be finished. */
  #mayFinish: (() => boolean) | undefined

  /**
   * @param maxQueueMs how long a caller waits for its turn, at most, whatever it is given in all
   * @throws {ConfigError} when the pool does not say how many connections it may have
   */
  constructor(pool: PgPool, rules?: AdmissionRules, maxQueueMs: number = Number.POSITIVE_INFINITY) {
    const admission = new Admission(capacityOf(pool), rules)
    this.#desk = { pool, admission, tally: new AcquireTally(), requests: new InFlight(), maxQueueMs }
  }

  /**
   * Takes a connection out of the pool when it is the tenant's turn.
   *
   * @param timeoutMs how long to wait for one, at most
   * @param signal takes the request back when it aborts, also while the pool connects
   * @param isBegun whether it is for work that was let in before, and so is let in although closed
   * @throws {AcquireTimeoutError} none became free in time
   * @throws {QueueFullError} too many wait already
   * @throws {ConnectError} a new connection could not be made
   * @throws {ClosedError} after {@link close}
   * @throws the server's own error when it refused the login; the signal's reason
   */
  acquire(tenant: ContextTenant, timeoutMs: number, signal?: AbortSignal, isBegun = false): Promise<Lease> {
    if (!isBegun && this.#isClosedToThis()) return Promise.reject(closed())
    const request = new LeaseRequest(this.#desk, tenant, timeoutMs)
    return signal ? startUntil(signal, request) : request.start()
  }

  /** @throws {ClosedError} after {@link close}, as {@link acquire} does */
  refuseIfClosed(): void {
    if (this.#isClosedToThis()) throw closed()
  }

  /** Places that there are. */
  get capacity(): number {
    return this.#desk.admission.snapshot().capacity
  }

  /** Callers that wait for their turn. */
  get waiting(): number {
    return this.#desk.admission.waiting
  }

  /** Callers that have a connection or wait for one. */
  get outstanding(): number {
    return this.#desk.requests.size
  }

  /**
   * Refuses new requests from now on. Those that wait are still served.
   *
   * @param mayFinish asked inside each new request: whether it belongs to work that had begun before, and so is let in
   */
  close(mayFinish: () => boolean = () => false): void {
    this.#mayFinish = mayFinish
  }

  /** Settles when nobody waits and every lease has ended; has no limit of its own. */
  empty(): Promise<void> {
    return this.#desk.requests.empty()
  }

  /**
   * Ends every request: those that wait are answered with the cause, and the connections that are out are destroyed.
   *
   * @param destroy ends a connection at once, with what runs on it
   */
  endAll(cause: unknown, destroy: (client: PgClient) => void): void {
    for (const request of this.#desk.requests.list()) request.end(cause, destroy)
  }

  #isClosedToThis(): boolean {
    return this.#mayFinish?.() === false
  }

  /**
   * How the pool and its queue stand, and what they have done since they were made. Never changes afterwards.
   *
   * @param longestQueues how many tenants to name, those with the most callers waiting; takes time for each that waits
   */
  snapshot(longestQueues = 0): PoolSnapshot {
    const { pool, admission, tally } = this.#desk
    const backlogs = longestQueues > 0 ? admission.longestQueues(longestQueues) : []
    const byTenant = backlogs.map(({ tenant, waiting }) => ({ tenantHash: hashTenant(tenant), waiting }))
    return Object.freeze({
      ...admission.snapshot(),
      ...tally.counts(),
      total: pool.totalCount,
      idle: pool.idleCount,
      longestQueues: Object.freeze(byTenant.map((backlog) => Object.freeze(backlog))),
    })
  }
}

function closed(): ClosedError {
  return new ClosedError('The database object was used after close(); nothing was sent.')
}

async function startUntil(signal: AbortSignal, request: LeaseRequest): Promise<Lease> {
  signal.throwIfAborted()
  const abort = () => request.cancel(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await request.start()
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function capacityOf(pool: PgPool): number {
  // pg-pool fills in its default of 10, and takes a string from the environment as it is.
  const capacity = Number(pool.options?.max)
  if (capacity >= 1) return capacity
  throw new ConfigError(
    'The pool does not say how many connections it may have (pool.options.max), so they cannot be shared fairly ' +
      'between tenants. Use a pg.Pool, or have what wraps it show its `options`.',
  )
}

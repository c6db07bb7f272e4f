import type { Admission } from '../admission/admission.ts'
import { Waiter } from '../admission/waiter.ts'
import type { ContextTenant } from '../context/no-tenant.ts'
import { AcquireTimeoutError, ConnectError, type QueueCounts, QueueFullError } from '../errors/connection.ts'
import { LeaseholdError } from '../errors/leasehold-error.ts'
import { isServerError } from '../errors/server-error.ts'
import { acquireEvents } from '../telemetry.ts'
import type { AcquireOutcome, AcquireTally } from './acquire-tally.ts'
import type { InFlight } from './in-flight.ts'
import { Lease, type LeaseHolder } from './lease.ts'
import type { PgClient, PgPool } from './pg-pool.ts'

/** What all requests for connections of one pool share. */
export interface LeaseDesk {
  readonly pool: PgPool
  readonly admission: Admission
  readonly tally: AcquireTally
  /** Requests that wait, or whose lease has not ended. */
  readonly requests: InFlight<LeaseRequest>
  /** Milliseconds that a caller waits for a place, at most; waiting for the pool to connect is not counted. */
  readonly maxQueueMs: number
}

/**
 * One request for a connection, from the first call until the connection is back in the pool. It has two parts: waiting
 * for a place among the tenants, then waiting for the pool, which connects where it has no idle connection.
 */
export class LeaseRequest extends Waiter implements LeaseHolder {
  readonly #desk: LeaseDesk
  readonly #startedAtMs: number
  readonly #timeoutMs: number
  readonly #settlers = Promise.withResolvers<Lease>()
  #timer: NodeJS.Timeout | undefined
  #admitted = false
  #settled = false
  #lease: Lease | undefined

  constructor(desk: LeaseDesk, tenant: ContextTenant, timeoutMs: number) {
    const nowMs = performance.now()
    super(tenant, nowMs + Math.min(timeoutMs, desk.maxQueueMs))
    this.#desk = desk
    this.#timeoutMs = timeoutMs
    this.#startedAtMs = nowMs
  }

  /** Enters the queue. Called once. Rejects as {@link PoolGate.acquire} says. */
  start(): Promise<Lease> {
    this.#desk.requests.add(this)
    try {
      this.#desk.admission.enter(this, this.#startedAtMs)
      if (!this.#admitted) this.#limit(this.deadlineMs)
    } catch (error) {
      this.#fail(error instanceof QueueFullError ? 'refused' : 'failed', error)
    }
    return this.#settlers.promise
  }

  /** Gives up waiting; without effect once the request has been answered. */
  cancel(reason: unknown): void {
    if (this.#settled) return
    this.#desk.admission.leave(this)
    this.#fail('cancelled', reason)
  }

  /**
   * Ends the request at whatever stage it is: gives up waiting, or has the connection destroyed.
   *
   * @param destroy ends a connection at once, with what runs on it
   */
  end(cause: unknown, destroy: (client: PgClient) => void): void {
    this.cancel(cause)
    if (!this.#lease) return
    destroy(this.#lease.client)
    this.#lease.discard()
  }

  /** Gives up at the deadline. */
  timeOut(): void {
    if (this.#settled) return
    const { admission } = this.#desk
    const queue = admission.countsFor(this)
    this.#failLate(admission.leave(this) ? queue : undefined)
  }

  override onExpired(): void {
    this.#failLate(this.#desk.admission.countsFor(this))
  }

  override onAdmitted(): void {
    this.#admitted = true
    this.#limit(this.#startedAtMs + this.#timeoutMs)
    this.#connect().catch((cause: unknown) => {
      this.#giveUpPlace()
      if (!this.#settled) this.#fail('failed', asConnectError(cause))
    })
  }

  onLeaseEnded(discarded: boolean): void {
    if (discarded) this.#desk.tally.countDiscard()
    this.#desk.requests.delete(this)
    this.#giveUpPlace()
  }

  #limit(atMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(timeOut, Math.max(0, atMs - performance.now()), this)
  }

  async #connect(): Promise<void> {
    this.#take(await this.#desk.pool.connect())
  }

  #take(client: PgClient): void {
    const lease = new Lease(client, this)
    // pg-pool cannot take a request back. So the place is kept until the connection comes, and both are given back then.
    if (this.#settled) {
      lease.release()
      return
    }
    this.#lease = lease
    this.#settle('acquired')
    this.#settlers.resolve(lease)
  }

  #giveUpPlace(): void {
    this.#desk.admission.release(this, performance.now())
  }

  #failLate(queue: QueueCounts | undefined): void {
    const { totalCount: total, idleCount: idle, waitingCount: waiting } = this.#desk.pool
    const waitedMs = performance.now() - this.#startedAtMs
    this.#fail('timed-out', new AcquireTimeoutError(waitedMs, { total, idle, waiting }, queue))
  }

  #fail(outcome: AcquireOutcome, error: unknown): void {
    this.#settle(outcome)
    this.#desk.requests.delete(this)
    this.#settlers.reject(error)
  }

  #settle(outcome: AcquireOutcome): void {
    this.#settled = true
    clearTimeout(this.#timer)
    const { pool, admission, tally } = this.#desk
    const durationMs = performance.now() - this.#startedAtMs
    tally.countEnd(outcome, durationMs)
    acquireEvents.publish(() => ({
      outcome,
      durationMs,
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount + admission.waiting,
    }))
  }
}

function timeOut(request: LeaseRequest): void {
  request.timeOut()
}

function asConnectError(cause: unknown): unknown {
  if (isServerError(cause) || cause instanceof LeaseholdError) return cause
  return new ConnectError(cause)
}

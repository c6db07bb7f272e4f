import type { Admission } from '../../admission/admission.ts'
import { Waiter } from '../../admission/waiter.ts'
import type { ContextTenant } from '../../context/no-tenant.ts'
import { AcquireTimeoutError, type PoolCounts, type QueueCounts } from '../../errors/connection.ts'

/** What all requests for places of one kind share. */
export interface PlaceDesk {
  readonly admission: Admission
  /** For the error of who waited in vain. */
  poolCounts(): PoolCounts
}

/** One request for a place among others: on a shared connection, or among those that may take long. */
export class PlaceRequest extends Waiter {
  readonly #desk: PlaceDesk
  readonly #startedAtMs: number
  readonly #settlers = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | undefined

  constructor(desk: PlaceDesk, tenant: ContextTenant, timeoutMs: number) {
    const nowMs = performance.now()
    super(tenant, nowMs + timeoutMs)
    this.#desk = desk
    this.#startedAtMs = nowMs
  }

  /**
   * Enters the queue. Called once.
   *
   * @returns whether it has its place at once; else it is to be awaited
   * @throws {QueueFullError} {@link ConfigError}
   */
  enter(): boolean {
    this.#desk.admission.enter(this, this.#startedAtMs)
    return this.state === 'admitted'
  }

  /** Settles when it has its place. @throws {AcquireTimeoutError} and the signal's reason */
  admitted(signal?: AbortSignal): Promise<void> {
    this.#timer = setTimeout(giveUp, Math.max(1, this.deadlineMs - performance.now()), this)
    return signal ? this.#admittedUntil(signal) : this.#settlers.promise
  }

  /** Gives up waiting. @param reason nothing where its time is over */
  cancel(reason?: unknown): void {
    const queue = this.#desk.admission.countsFor(this)
    if (this.#desk.admission.leave(this)) this.#fail(reason, queue)
  }

  /** Goes on without a place: it needs none any more. */
  pass(): void {
    if (this.#desk.admission.leave(this)) this.onAdmitted()
  }

  /** Gives the place back; of no effect when it has none. */
  release(): void {
    this.#desk.admission.release(this, performance.now())
  }

  override onAdmitted(): void {
    clearTimeout(this.#timer)
    this.#settlers.resolve()
  }

  override onExpired(): void {
    this.#fail(undefined, this.#desk.admission.countsFor(this))
  }

  async #admittedUntil(signal: AbortSignal): Promise<void> {
    const abort = () => this.cancel(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    try {
      await this.#settlers.promise
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  #fail(reason: unknown, queue: QueueCounts): void {
    clearTimeout(this.#timer)
    const waitedMs = performance.now() - this.#startedAtMs
    this.#settlers.reject(reason ?? new AcquireTimeoutError(waitedMs, this.#desk.poolCounts(), queue))
  }
}

function giveUp(request: PlaceRequest): void {
  request.cancel()
}

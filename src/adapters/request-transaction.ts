import type { Leasehold } from '../leasehold.ts'
import type { TenantTransaction } from '../query/tenant-transaction.ts'
import type { Client } from './client.ts'
import type { RequestScope } from './request-scope.ts'

/** Rolls back what a handler did whose answer is an error of its own, or reaches nobody. */
class RolledBack extends Error {}

const FIRST_SERVER_ERROR = 500

/**
 * The transaction of one request: open while its handler works, and over before anything of the answer is sent. It is committed where
 * the handler answers, and rolled back where it fails, answers with 500 or above, takes too long, or nobody waits any more.
 *
 * @typeParam T what the handler returns
 */
export class RequestTransaction<T> {
  /** What the handler comes to. It is called in the transaction, so that what it calls can join. */
  readonly handled: Promise<T>
  /** Rejects where the transaction has ended by itself, as at its deadline; what the handler answers then must not be sent. */
  readonly lost: Promise<never>
  readonly #scope: RequestScope
  readonly #client: Client
  readonly #gone = new AbortController()
  readonly #verdict = Promise.withResolvers<void>()
  readonly #ended: Promise<void>
  #isOpen = true
  #hasFailed = false

  constructor(
    db: Leasehold,
    scope: RequestScope,
    client: Client,
    handle: (tx: TenantTransaction) => T | Promise<T>,
    timeoutMs?: number,
  ) {
    this.#scope = scope
    this.#client = client
    const handled = Promise.withResolvers<T>()
    this.handled = handled.promise
    this.#ended = this.#run(
      db,
      (tx) => {
        // Handlers throw at once or later, and neither is to pass by whoever waits for them.
        const call = async () => handle(tx)
        handled.resolve(call())
      },
      timeoutMs,
    )
    const lost = Promise.withResolvers<never>()
    this.lost = lost.promise
    this.#ended.catch((error: unknown) => {
      if (this.#isOpen) lost.reject(this.#scope.explain(error))
    })
    // Whom they concern waits for them; here they only must not count as unhandled.
    for (const promise of [this.handled, this.lost, this.#verdict.promise]) promise.catch(ignore)
  }

  /**
   * Ends the transaction, for an answer that is about to be sent.
   *
   * @throws what `withTenant` throws: then that answer is not to be sent
   */
  async finish(status: number): Promise<void> {
    if (this.#isOpen && !this.#hasFailed) {
      // A client that had gone before the handler began has left no event for it.
      if (status >= FIRST_SERVER_ERROR || this.#client.isGone()) {
        this.#verdict.reject(new RolledBack())
      } else this.#verdict.resolve()
    }
    this.#isOpen = false
    try {
      await this.#ended
    } catch (error) {
      // The answer is that error, or the handler's own.
      if (!this.#hasFailed && !(error instanceof RolledBack)) throw this.#scope.explain(error)
    }
  }

  /** Rolls back instead of what {@link finish} will decide, which then throws the error. @returns whether it was not too late */
  withdraw(error: unknown): boolean {
    this.#verdict.reject(error)
    return this.#isOpen
  }

  /** Rolls back, where that is still to be decided. @returns what to tell of the error */
  async fail(error: unknown): Promise<unknown> {
    this.#hasFailed = true
    if (this.#isOpen) this.#verdict.reject(error)
    this.#isOpen = false
    await this.#ended.catch(ignore)
    return this.#scope.explain(error)
  }

  async #run(db: Leasehold, begin: (tx: TenantTransaction) => void, timeoutMs?: number): Promise<void> {
    const { options, intent } = this.#scope
    // Once it is decided nothing is aborted: a COMMIT that was sent would be of unknown outcome.
    const stopListening = this.#client.onGone(() => {
      if (this.#isOpen) this.#gone.abort(new Error('The client went away before its request was answered.'))
    })
    const work = async (tx: unknown) => {
      // With `readOnly` the methods that write are missing from its type alone.
      begin(tx as TenantTransaction)
      await this.#verdict.promise
    }
    const { tenant, settings } = options
    const call = {
      signal: this.#gone.signal,
      ...(settings && { settings }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    }
    try {
      if (intent === 'read') await db.withTenant(tenant, work, { ...call, route: 'replica' })
      else await db.withTenant(tenant, work, call)
    } finally {
      stopListening()
    }
  }
}

function ignore(): void {}

import type { ContextTenant } from '../../context/no-tenant.ts'
import { AcquireTimeoutError, QueueFullError } from '../../errors/connection.ts'
import { ReadRefusedError } from '../../errors/routing.ts'
import type { TenantSource } from '../../wire/tenant-source.ts'
import { ShareBucket } from './share-bucket.ts'

/** How much of the primary reads may take that no replica serves. */
export interface BulkheadRules {
  /** How many at a time. */
  readonly maxConcurrent: number
  /** Their share of all reads, from 0 to 1. */
  readonly maxRatio: number
  /** For `Retry-After`. */
  readonly retryAfterMs: number
}

/**
 * The way of reads to the primary when no replica can serve them: through connections of their own, so that however many there
 * are, writes do not wait behind them. A replica that could carry its reads no longer would otherwise take the primary with it.
 */
export class Bulkhead {
  readonly source: TenantSource
  readonly #rules: BulkheadRules
  readonly #share: ShareBucket
  /** How many reads of each tenant are here now. */
  readonly #present = new Map<ContextTenant, number>()

  /** @param source of connections to the primary, as many as there are places, with a queue that is short and fair between tenants */
  constructor(source: TenantSource, rules: BulkheadRules) {
    this.source = source
    this.#rules = rules
    this.#share = new ShareBucket(rules.maxRatio)
  }

  /** Counts a read, wherever it goes: what is shed is a share of all. */
  countRead(): void {
    this.#share.earn()
  }

  /**
   * Sends a read to the primary.
   *
   * @throws {ReadRefusedError} their share is used up, or every place is taken and as many wait as may
   * @throws what sending throws
   */
  async run<T>(tenant: ContextTenant, send: (source: TenantSource) => Promise<T>): Promise<T> {
    const { maxConcurrent, maxRatio, retryAfterMs } = this.#rules
    if (!this.#mayEnter(tenant)) {
      throw new ReadRefusedError(
        `such reads have had their share of all reads, ${maxRatio} (router.shed.maxRatio)`,
        retryAfterMs,
      )
    }
    this.#count(tenant, 1)
    try {
      return await send(this.source)
    } catch (cause) {
      if (!(cause instanceof AcquireTimeoutError || cause instanceof QueueFullError)) throw cause
      throw new ReadRefusedError(
        `the ${maxConcurrent} connections for such reads (router.shed.maxConcurrent) are taken`,
        retryAfterMs,
        { cause },
      )
    } finally {
      this.#count(tenant, -1)
    }
  }

  /**
   * The share counts from when the primary does not get done with them at once: before that they hurt nobody. And it counts for
   * who is here already: one tenant that uses it up does not take it from the others.
   */
  #mayEnter(tenant: ContextTenant): boolean {
    const isBusy = this.source.admission.outstanding * 2 >= this.#rules.maxConcurrent
    return !isBusy || !this.#present.has(tenant) || this.#share.spend()
  }

  #count(tenant: ContextTenant, by: 1 | -1): void {
    const present = (this.#present.get(tenant) ?? 0) + by
    if (present === 0) this.#present.delete(tenant)
    else this.#present.set(tenant, present)
  }
}

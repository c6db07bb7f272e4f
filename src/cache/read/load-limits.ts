import pLimit, { type LimitFunction } from 'p-limit'
import type { TenantId } from '../../context/tenant-id.ts'
import { CacheOverloadedError } from '../../errors/cache.ts'

/** How many loads may be under way, and how long one may wait for its turn. */
export interface LoadLimitOptions {
  /** Loads at a time in this process. @default 16 */
  readonly perProcess?: number
  /** Loads at a time of one tenant in this process. @default 4 */
  readonly perTenant?: number
  /** Milliseconds that a load waits for its turn. @default 1000 */
  readonly queueMs?: number
}

/** Bounds what misses cost the database, and most of all what they cost when there is no Redis. */
export class LoadLimits {
  readonly #process: LimitFunction
  readonly #tenants = new Map<TenantId, LimitFunction>()
  readonly #perTenant: number
  readonly #queueMs: number

  constructor({ perProcess, perTenant, queueMs }: Required<LoadLimitOptions>) {
    this.#process = pLimit(perProcess)
    this.#perTenant = perTenant
    this.#queueMs = queueMs
  }

  /** Loads that are under way. */
  get running(): number {
    return this.#process.activeCount
  }

  /** Loads that wait for their turn. */
  get waiting(): number {
    let waiting = this.#process.pendingCount
    for (const limit of this.#tenants.values()) waiting += limit.pendingCount
    return waiting
  }

  /**
   * Runs a load when it is its turn. A tenant waits for its own share first, so that the loads of one that has many do not stand
   * in front of everybody else's.
   *
   * @throws {CacheOverloadedError} its turn did not come in time; the load was not started
   */
  run<T>(tenant: TenantId, load: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let isGivenUp = false
      const timer = setTimeout(() => {
        isGivenUp = true
        reject(new CacheOverloadedError(this.#queueMs, this.running, this.waiting))
      }, this.#queueMs)
      const start = () => {
        clearTimeout(timer)
        const loading = isGivenUp ? undefined : load()
        loading?.then(resolve, reject)
        return loading?.catch(ignore)
      }
      const limit = this.#limitOf(tenant)
      limit(() => (isGivenUp ? undefined : this.#process(start)))
        .catch(reject)
        .finally(() => this.#forget(tenant, limit))
    })
  }

  #limitOf(tenant: TenantId): LimitFunction {
    const known = this.#tenants.get(tenant)
    if (known) return known
    const limit = pLimit(this.#perTenant)
    this.#tenants.set(tenant, limit)
    return limit
  }

  /** A tenant that loads nothing leaves no state. */
  #forget(tenant: TenantId, limit: LimitFunction): void {
    const isIdle = limit.activeCount === 0 && limit.pendingCount === 0
    if (isIdle && this.#tenants.get(tenant) === limit) this.#tenants.delete(tenant)
  }
}

function ignore(): void {}

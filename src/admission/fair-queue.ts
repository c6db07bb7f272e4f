import type { ContextTenant } from '../context/no-tenant.ts'
import { LinkedList } from './linked-list.ts'
import { TenantQueue } from './tenant-queue.ts'
import type { Waiter } from './waiter.ts'

/** How many waiters of a tenant there are. */
export interface TenantBacklog {
  readonly tenant: ContextTenant
  readonly waiting: number
}

/**
 * A deficit-round-robin queue: tenants with waiters take turns, and in its turn a tenant has `quantum * weight` of its
 * waiters served, first come first served. Every operation takes constant time, and a tenant without waiters leaves
 * nothing behind.
 *
 * @see M. Shreedhar, G. Varghese: Efficient Fair Queuing Using Deficit Round-Robin, SIGCOMM 1995. Each waiter costs 1.
 */
export class FairQueue {
  readonly #quantum: number
  readonly #byTenant = new Map<ContextTenant, TenantQueue>()
  readonly #turns = new LinkedList<TenantQueue>()
  #length = 0

  /** @param quantum how many waiters of a tenant of weight 1 are served in one turn, at least 1 */
  constructor(quantum: number) {
    this.#quantum = quantum
  }

  get length(): number {
    return this.#length
  }

  /** How many tenants have waiters. */
  get tenants(): number {
    return this.#byTenant.size
  }

  lengthOf(tenant: ContextTenant): number {
    return this.#byTenant.get(tenant)?.length ?? 0
  }

  /**
   * How many waiters of its tenant are before it, or would be, at most: those that left from the middle still count.
   */
  ahead(waiter: Waiter): number {
    const queue = this.#byTenant.get(waiter.tenant)
    if (!queue?.first) return 0
    if (waiter.state === 'new') return queue.length
    return waiter.state === 'waiting' ? waiter.ticket - queue.first.ticket : 0
  }

  /** @param weight at least 1; counts from when its tenant begins to wait until none of it waits any more */
  append(waiter: Waiter, weight: number): void {
    let queue = this.#byTenant.get(waiter.tenant)
    if (!queue) {
      queue = new TenantQueue(waiter.tenant, this.#quantum * weight)
      this.#byTenant.set(waiter.tenant, queue)
      this.#turns.append(queue)
    }
    queue.append(waiter)
    this.#length += 1
  }

  /** The waiter whose turn it is. */
  peek(): Waiter | undefined {
    return this.#nextTurn()?.first
  }

  /** Takes out the waiter whose turn it is, at the cost of its tenant. */
  shift(): Waiter | undefined {
    const queue = this.#nextTurn()
    const waiter = queue?.first
    if (!queue || !waiter) return undefined
    queue.credit -= 1
    this.#remove(queue, waiter)
    return waiter
  }

  /**
   * Takes a waiter out, wherever it stands. It costs its tenant nothing, and the turns stay as they are.
   *
   * @param waiter one that waits in this queue
   */
  remove(waiter: Waiter): void {
    const queue = this.#byTenant.get(waiter.tenant)
    if (queue) this.#remove(queue, waiter)
  }

  /** The tenants with the most waiters, most first. Looks at every tenant that waits. */
  longest(count: number): readonly TenantBacklog[] {
    const backlogs = [...this.#byTenant.values()].map(({ tenant, length }) => ({ tenant, waiting: length }))
    return backlogs.sort((a, b) => b.waiting - a.waiting).slice(0, count)
  }

  #nextTurn(): TenantQueue | undefined {
    const queue = this.#turns.first
    if (!queue || queue.credit >= 1) return queue
    // Only now, and not when the credit was used up: a tenant that has come since then goes first.
    queue.credit += queue.allowance
    this.#turns.remove(queue)
    this.#turns.append(queue)
    return this.#turns.first
  }

  #remove(queue: TenantQueue, waiter: Waiter): void {
    queue.remove(waiter)
    this.#length -= 1
    if (queue.length > 0) return
    this.#turns.remove(queue)
    this.#byTenant.delete(queue.tenant)
  }
}

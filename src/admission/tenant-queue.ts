import type { ContextTenant } from '../context/no-tenant.ts'
import { type Linked, LinkedList } from './linked-list.ts'
import type { Waiter } from './waiter.ts'

/** The waiting callers of one tenant, first come first served. It exists only while there are any. */
export class TenantQueue implements Linked<TenantQueue> {
  readonly tenant: ContextTenant
  /** What each of its turns adds to its credit. */
  readonly allowance: number
  /** How many places it may still be given before the next tenant has its turn; a fraction is kept for later. */
  credit: number
  before: TenantQueue | undefined = undefined
  behind: TenantQueue | undefined = undefined
  readonly #waiters = new LinkedList<Waiter>()
  #tickets = 0

  constructor(tenant: ContextTenant, allowance: number) {
    this.tenant = tenant
    this.allowance = allowance
    this.credit = allowance
  }

  get first(): Waiter | undefined {
    return this.#waiters.first
  }

  get length(): number {
    return this.#waiters.length
  }

  append(waiter: Waiter): void {
    this.#tickets += 1
    waiter.ticket = this.#tickets
    this.#waiters.append(waiter)
  }

  remove(waiter: Waiter): void {
    this.#waiters.remove(waiter)
  }
}

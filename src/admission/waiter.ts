import type { ContextTenant } from '../context/no-tenant.ts'
import type { Linked } from './linked-list.ts'

/** Where a request for a place stands. Only {@link Admission} moves it on. */
export type WaiterState = 'new' | 'waiting' | 'admitted' | 'gone'

/**
 * One request for a place. It is its own node in the queue and hears of its fate by its methods, so that waiting costs
 * no allocation and no closure beyond the request itself.
 */
export abstract class Waiter implements Linked<Waiter> {
  readonly tenant: ContextTenant
  /** When it is no longer worth admitting, on the clock of whoever calls {@link Admission}, in milliseconds. */
  readonly deadlineMs: number
  state: WaiterState = 'new'
  enteredAtMs = 0
  /** Its number among all that ever waited in its tenant's queue. */
  ticket = 0
  before: Waiter | undefined = undefined
  behind: Waiter | undefined = undefined

  constructor(tenant: ContextTenant, deadlineMs: number) {
    this.tenant = tenant
    this.deadlineMs = deadlineMs
  }

  /** It has a place, until it is given back. Called once at most; must not throw, nor give the place back before it returns. */
  abstract onAdmitted(nowMs: number): void

  /** Its deadline had passed when its turn came, so it was passed over. Called once at most; must not throw. */
  abstract onExpired(nowMs: number): void
}

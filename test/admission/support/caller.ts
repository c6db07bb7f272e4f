import { Waiter } from '../../../src/admission/waiter.ts'
import type { TenantId } from '../../../src/context/tenant-id.ts'

/** A waiter that keeps what it was told. */
export class Caller extends Waiter {
  admittedAtMs: number | undefined
  expiredAtMs: number | undefined
  readonly #onAdmitted: ((caller: Caller) => void) | undefined

  constructor(tenant: string, deadlineMs = Infinity, onAdmitted?: (caller: Caller) => void) {
    super(tenant as TenantId, deadlineMs)
    this.#onAdmitted = onAdmitted
  }

  override onAdmitted(nowMs: number): void {
    if (this.admittedAtMs !== undefined) throw new Error('was admitted twice')
    this.admittedAtMs = nowMs
    this.#onAdmitted?.(this)
  }

  override onExpired(nowMs: number): void {
    if (this.expiredAtMs !== undefined) throw new Error('expired twice')
    this.expiredAtMs = nowMs
  }
}

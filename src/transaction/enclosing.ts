import { AsyncLocalStorage } from 'node:async_hooks'
import type { TenantSource } from '../wire/tenant-source.ts'
import type { Savepoint } from './savepoints.ts'
import type { Transaction } from './transaction.ts'

/** Where in a transaction a callback runs. */
export class Enclosing {
  readonly transaction: Transaction
  /** The innermost savepoint around the callback. */
  readonly savepoint: Savepoint | undefined
  /** Joined calls that have not settled. */
  joined = 0

  constructor(transaction: Transaction, savepoint: Savepoint | undefined) {
    this.transaction = transaction
    this.savepoint = savepoint
  }

  /** What was done here can only be undone: up to the savepoint, or all of it. */
  forbidCommit(cause: unknown): void {
    if (this.savepoint) this.savepoint.rollbackOnly ??= { cause }
    else this.transaction.forbidCommit(cause)
  }
}

interface Slot {
  readonly source: TenantSource
  readonly enclosing: Enclosing
  readonly outer: Slot | undefined
}

const slot = new AsyncLocalStorage<Slot>()

/** The place in an open transaction on this pool whose callback is running around the caller, if any. */
export function enclosingTransaction(source: TenantSource): Enclosing | undefined {
  for (let inner = slot.getStore(); inner; inner = inner.outer) {
    const { enclosing } = inner
    // One that has ended is still in the store of whatever its callback left running.
    if (inner.source === source && !enclosing.transaction.ended) return enclosing
  }
  return undefined
}

/** Runs a callback inside a transaction. The transaction itself is never handed out by this slot, only joined. */
export function runInside<T>(source: TenantSource, enclosing: Enclosing, callback: () => T): T {
  return slot.run({ source, enclosing, outer: slot.getStore() }, callback)
}

/** Runs a callback as if there were no transaction around it. */
export function runOutside<T>(callback: () => T): T {
  return slot.exit(callback)
}

import { AsyncLocalStorage } from 'node:async_hooks'
import type { TenantSource } from '../wire/tenant-source.ts'
import type { Transaction } from './transaction.ts'

interface Enclosing {
  readonly source: TenantSource
  readonly transaction: Transaction
  readonly outer: Enclosing | undefined
}

const slot = new AsyncLocalStorage<Enclosing>()

/** The open transaction on this pool whose callback is running around the caller, if any. */
export function enclosingTransaction(source: TenantSource): Transaction | undefined {
  for (let enclosing = slot.getStore(); enclosing; enclosing = enclosing.outer) {
    // One that has ended is still in the store of whatever its callback left running.
    if (enclosing.source === source && !enclosing.transaction.ended) return enclosing.transaction
  }
  return undefined
}

/** Runs a callback inside a transaction. The transaction itself is never handed out by this slot, only joined. */
export function runInside<T>(source: TenantSource, transaction: Transaction, callback: () => T): T {
  return slot.run({ source, transaction, outer: slot.getStore() }, callback)
}

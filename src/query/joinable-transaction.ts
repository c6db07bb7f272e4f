import { TransactionHandle } from '../transaction/handle.ts'
import type { JoinableTransaction } from '../transaction/participant.ts'
import { TenantTransaction } from './tenant-transaction.ts'

/**
 * The transaction behind a `tx`, whichever `withTenant` has given it.
 *
 * @returns nothing for anything else
 * @throws {ClosedError} its callback has settled
 */
export function joinableTransaction(tx: unknown): JoinableTransaction | undefined {
  return TransactionHandle.transactionOf(TenantTransaction.runnerOf(tx) ?? tx)
}

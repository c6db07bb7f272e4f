import { FloatingQueryError, NestingError, TransactionAbortedError } from '../errors/outcome.ts'
import type { Savepoint } from './savepoints.ts'
import type { Transaction } from './transaction.ts'

/**
 * Runs work inside a savepoint: keeps it if the work succeeds, undoes it and rethrows if it fails.
 *
 * @param within the savepoint that the caller's own handle works in
 * @throws {NestingError} {@link TransactionAbortedError} {@link ClosedError}, and what the work throws
 */
export async function inSavepoint<T>(
  transaction: Transaction,
  within: Savepoint | undefined,
  work: (savepoint: Savepoint) => Promise<T>,
): Promise<T> {
  // PostgreSQL nests savepoints by time alone: undoing the first of two side by side would undo the other too.
  if (transaction.savepoints.innermost !== within) {
    throw new NestingError(
      'savepoint() was called while another savepoint of the same transaction was open. Await one before the ' +
        'next, and inside the callback of savepoint() use the `tx` that it is given.',
    )
  }
  const savepoint = transaction.savepoints.open(transaction.hooks.mark(), transaction.failure)
  try {
    const value = await work(savepoint)
    if (savepoint.rollbackOnly) throw new TransactionAbortedError(savepoint.rollbackOnly.cause)
    if (transaction.failed) throw new TransactionAbortedError(transaction.failure)
    transaction.savepoints.release(savepoint)
    return value
  } catch (error) {
    // What still runs may be answered behind ROLLBACK TO, so that nothing short of a full rollback undoes it.
    if (error instanceof FloatingQueryError) transaction.forbidCommit(error)
    await transaction.rollBackTo(savepoint, error)
    throw error
  }
}

import { AlreadyAppliedError, ClosedError, TransactionAbortedError } from '../errors/outcome.ts'

/** A write that was applied before is told as such, even if its error was swallowed. */
export function aborted(failure: unknown): unknown {
  return failure instanceof AlreadyAppliedError ? failure : new TransactionAbortedError(failure)
}

/** What a transaction answers with once commit or rollback has begun. */
export function closed(): ClosedError {
  return new ClosedError(
    'The transaction has ended; nothing was sent. Use `tx` only until the callback of withTenant settles.',
  )
}

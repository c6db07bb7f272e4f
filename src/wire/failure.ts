import { ConnectionLostError, DeadlineError } from '../errors/connection.ts'
import { ExchangeFailure } from '../errors/exchange-failure.ts'
import { type CommitResolver, CommitUnknownError } from '../errors/outcome.ts'
import { ProtocolDesyncError, TransactionStateError } from '../errors/protocol.ts'

/** What a failed exchange means for a call that cannot have changed anything. Other errors come back as they are. */
export function outcomeOfRead(failure: unknown): unknown {
  if (!(failure instanceof ExchangeFailure)) return failure
  const { cause } = failure
  if (isVerdict(cause) || cause instanceof DeadlineError) return cause
  return new ConnectionLostError(cause)
}

/** What a failed exchange means for a call that commits at its own Sync or with its own COMMIT. */
export function outcomeOfWrite(failure: unknown, resolver?: CommitResolver): unknown {
  if (!(failure instanceof ExchangeFailure) || !failure.sent) return outcomeOfRead(failure)
  if (isVerdict(failure.cause)) return failure.cause
  // A deadline's own text says that nothing was applied, which nobody knows here.
  const late = failure.cause instanceof DeadlineError
  const cause = late ? new Error('The deadline passed before the answer came.') : failure.cause
  return new CommitUnknownError(cause, resolver)
}

/**
 * A commit that a synchronous standby may not have: it is seen by all, and gone if that standby takes over. Nobody can tell
 * which it will be.
 */
export function unreplicated(): CommitUnknownError {
  return new CommitUnknownError(new Error('The wait for the synchronous standby was cancelled.'))
}

/** Errors that say themselves that a write may have been applied. */
function isVerdict(cause: unknown): boolean {
  return cause instanceof ProtocolDesyncError || cause instanceof TransactionStateError
}

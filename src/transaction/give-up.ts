import { CommitUnknownError } from '../errors/outcome.ts'
import type { Transaction } from './transaction.ts'

/**
 * Gives up on a callback at the deadline, or when the signal is aborted. The callback itself cannot be stopped, but all it
 * can still do is throw.
 *
 * @throws {DeadlineError} the signal's reason, and what the work throws
 */
export function untilGivenUp<T>(
  transaction: Transaction,
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const { deadline } = transaction
    const timer = setTimeout(() => {
      const error = deadline.error('the callback of withTenant')
      transaction.abandon(error)
      reject(error)
    }, deadline.remainingMs())
    const aborted = () => {
      void transaction.cancel()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', aborted, { once: true })
    if (signal?.aborted) aborted()
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    })
  })
}

/**
 * Commits. A COMMIT that has been sent is never cancelled, because a cancel that comes late could hit the next user of the
 * connection: when the signal is aborted the connection is destroyed, and of a write nobody knows what became.
 *
 * @throws {CommitUnknownError} the signal's reason, where nothing was written, and what {@link Transaction.commit} throws
 */
export async function commitUnlessAborted(
  transaction: Transaction,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!signal) return transaction.commit()
  signal.throwIfAborted()
  const aborted = () => transaction.abandon(signal.reason)
  signal.addEventListener('abort', aborted, { once: true })
  try {
    await transaction.commit()
  } catch (error) {
    throw signal.aborted && !(error instanceof CommitUnknownError) ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', aborted)
  }
}

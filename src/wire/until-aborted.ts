import type { BatchConnection } from './batch-connection.ts'

/**
 * Works on a connection until the work ends or the signal is aborted, whichever comes first. When it is aborted, what
 * runs is cancelled; the connection is given back once the answer has come and no cancel request is on its way any more.
 *
 * Only for reads: a cancelled commit may or may not have happened.
 *
 * @throws the signal's reason, and what the work throws
 */
export function untilAborted<T>(
  connection: BatchConnection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  let cancelling: Promise<void> | undefined
  const abort = () => {
    aborted.reject(signal.reason)
    cancelling = connection.cancelRunning()
  }
  const settled = async () => {
    try {
      return await work()
    } finally {
      signal.removeEventListener('abort', abort)
      await cancelling
      connection.release()
    }
  }
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([aborted.promise, settled()])
}

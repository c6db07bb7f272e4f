import { AcquireTimeoutError, QueueFullError } from '../errors/connection.ts'
import { ReadRefusedError } from '../errors/routing.ts'
import { isServerError, type ServerError } from '../errors/server-error.ts'
import type { Replica } from './replica.ts'

/**
 * What a read fails with when the last replica that it may go to has no room for it, in numbers: those of our own queue are in
 * its errors, and those of a server or pooler that is full are told by nobody else.
 */
export function withoutRoom(
  error: unknown,
  { id, source, outstanding }: Replica,
  retryAfterMs: number,
): unknown {
  if (error instanceof QueueFullError || error instanceof AcquireTimeoutError) return error
  const { totalCount, options } = source.pool
  const code = serverErrorIn(error)?.code
  return new ReadRefusedError(
    `the last replica tried has no room (${id}${code ? `: ${code}` : ''}, with ${totalCount} of its ${options?.max} connections open ` +
      `and ${outstanding} other reads under way); allow it more clients, or lower the size of its pools`,
    retryAfterMs,
    { cause: error },
  )
}

/** What the server said, be it as the reason of a lost connection. */
function serverErrorIn(error: unknown): ServerError | undefined {
  if (isServerError(error)) return error
  return error instanceof Error && error.cause !== undefined ? serverErrorIn(error.cause) : undefined
}

import {
  AcquireTimeoutError,
  ClosedError,
  CommitUnknownError,
  ConnectError,
  ConnectionLostError,
  DeadlineError,
  QueueFullError,
  ReadRefusedError,
  TenantInvalidError,
  TenantRequiredError,
} from '../errors/index.ts'

/** What an error of this library means to a client of the application. */
export interface HttpStatus {
  readonly status: number
  /** Seconds, for `Retry-After`. */
  readonly retryAfter?: number
}

const BUSY = [QueueFullError, AcquireTimeoutError, ConnectError, ConnectionLostError, ClosedError]

/** The status of a response to a request that failed with an error; nothing for one that says nothing to a client. */
export function statusOf(error: unknown): HttpStatus | undefined {
  if (error instanceof ReadRefusedError) {
    return { status: 503, retryAfter: Math.ceil(error.retryAfterMs / 1_000) }
  }
  if (BUSY.some((kind) => error instanceof kind)) return { status: 503, retryAfter: 1 }
  if (error instanceof DeadlineError || error instanceof CommitUnknownError) return { status: 504 }
  if (error instanceof TenantRequiredError) return { status: 401 }
  return error instanceof TenantInvalidError ? { status: 400 } : undefined
}

/** What an error of this library means to a client of the application. */
export interface HttpStatus {
  readonly status: number
  /** Seconds, for `Retry-After`. */
  readonly retryAfter?: number
}

const BUSY: HttpStatus = { status: 503, retryAfter: 1 }

/** By their codes, and not by their classes: a bundler such as that of Next.js makes several copies of a class, of which none is the others'. */
const STATUSES: ReadonlyMap<unknown, HttpStatus> = new Map<unknown, HttpStatus>([
  ['LSH_ERR_QUEUE_FULL', BUSY],
  ['LSH_ERR_ACQUIRE_TIMEOUT', BUSY],
  ['LSH_ERR_CONNECT', BUSY],
  ['LSH_ERR_CONNECTION_LOST', BUSY],
  ['LSH_ERR_CLOSED', BUSY],
  ['LSH_ERR_READ_REFUSED', BUSY],
  ['LSH_ERR_DEADLINE', { status: 504 }],
  ['LSH_ERR_COMMIT_UNKNOWN', { status: 504 }],
  ['LSH_ERR_TENANT_REQUIRED', { status: 401 }],
  ['LSH_ERR_TENANT_INVALID', { status: 400 }],
])

/** The status of a response to a request that failed with an error; nothing for one that says nothing to a client. */
export function statusOf(error: unknown): HttpStatus | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, retryAfterMs } = error as { readonly code?: unknown; readonly retryAfterMs?: unknown }
  const found = STATUSES.get(code)
  // A read that was refused says when it may be tried again.
  return found && typeof retryAfterMs === 'number'
    ? { ...found, retryAfter: Math.ceil(retryAfterMs / 1_000) }
    : found
}

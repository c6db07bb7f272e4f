import { LeaseholdError } from './leasehold-error.ts'

/**
 * No replica could serve a read, and the share of the primary that such reads may take is used up, or is not to be taken.
 * Nothing was sent.
 */
export class ReadRefusedError extends LeaseholdError {
  readonly code = 'LSH_ERR_READ_REFUSED'
  readonly retryable = true
  /** Milliseconds after which trying again may help: for `Retry-After`. */
  readonly retryAfterMs: number

  constructor(cause: string, retryAfterMs: number, options?: { readonly cause?: unknown }) {
    super(
      `No replica could serve the read, and it was not sent to the primary: ${cause}. Have the caller try again in ` +
        `${Math.ceil(retryAfterMs / 1_000)} s, as with HTTP 503 and Retry-After; router.snapshot() says how the replicas stand.`,
      options,
    )
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * Work that reads only tried to write, and PostgreSQL refused it: the same with one database as with replicas. `cause` is the
 * server's error, SQLSTATE 25006, or 0A000 where a replica does not do what was asked.
 */
export class WriteInReadError extends LeaseholdError {
  readonly code = 'LSH_ERR_WRITE_IN_READ'
  readonly retryable = false
  /** The method of the request, and the pattern of its route where that is known: `GET /patients/:id`. */
  readonly request: string

  constructor(request: string, cause: unknown) {
    super(
      `${request} reads only, and a statement in it writes, or takes a lock that only writers take; PostgreSQL refused it. Use a ` +
        'method that writes, such as POST; or, for a write beside the read such as an entry of an access log, a handle of its ' +
        'own: db.tenant(id).',
      { cause },
    )
    this.request = request
  }
}

/** What every {@link LeaseholdError} takes beside its message. */
export interface LeaseholdErrorOptions {
  /** The error that led to this one. Never shown in the message: a driver's text can hold row values. */
  readonly cause?: unknown
}

/**
 * Base of every error that leasehold throws.
 *
 * A message says what happened, where, and what to do. It never holds a row value, a bind value, a
 * tenant id or a token. Errors that PostgreSQL itself reports are not wrapped: they reach the caller
 * as the driver's `DatabaseError` with their SQLSTATE intact.
 */
export abstract class LeaseholdError extends Error {
  /** Stable identifier, `LSH_ERR_…`; listed in `src/errors/index.ts`. */
  abstract readonly code: string
  /** True when the same call may be made again as it is: nothing of it was applied, and it can succeed. */
  abstract readonly retryable: boolean

  constructor(message: string, options?: LeaseholdErrorOptions) {
    super(message, options)
    // A name on the prototype survives minification, which `constructor.name` does not.
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, enumerable: false })
  }
}

/** What every {@link LeaseholdError} takes beside its message. */
export interface LeaseholdErrorOptions {
  /** The error that led to this one. Never shown in the message: a driver's text can hold row values. */
  readonly cause?: unknown
}

const CODE = /^LSH_ERR_[A-Z_]+$/

/** Codes that are shorter than the name. */
const SHORTENED: ReadonlyMap<string, string> = new Map([
  ['LSH_ERR_FOR_EACH', 'ForEachTenantError'],
  ['LSH_ERR_TX_ABORTED', 'TransactionAbortedError'],
  ['LSH_ERR_TX_STATE', 'TransactionStateError'],
])

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
  }

  /** `LSH_ERR_QUEUE_FULL` is a `QueueFullError`. Made of the code, for a bundler that minifies makes a letter of the class's name. */
  override get name(): string {
    // There is no code yet while the base is constructed, when V8 may ask for the name for the stack.
    return CODE.test(this.code) ? (SHORTENED.get(this.code) ?? nameOf(this.code)) : 'LeaseholdError'
  }
}

function nameOf(code: string): string {
  const words = code.toLowerCase().split('_').slice(2)
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Error`
}

import { LeaseholdError } from './leasehold-error.ts'

/** A statement is not of a form that can be sent: no text, values that are no array, a value that cannot be written. */
export class StatementInvalidError extends LeaseholdError {
  readonly code = 'LSH_ERR_STATEMENT_INVALID'
  readonly retryable = false
}

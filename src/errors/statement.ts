import { LeaseholdError } from './leasehold-error.ts'

/** A statement is not of a form that can be sent: no text, values that are no array, a value that cannot be written. */
export class StatementInvalidError extends LeaseholdError {
  readonly code = 'LSH_ERR_STATEMENT_INVALID'
  readonly retryable = false
}

/**
 * The statements **are committed**, and only reading their result failed: a type parser of the caller threw. `cause` is
 * what it threw.
 */
export class ResultUnreadableError extends LeaseholdError {
  readonly code = 'LSH_ERR_RESULT_UNREADABLE'
  readonly retryable = false

  constructor(cause: unknown) {
    super(
      'The call is committed, but its result could not be read: a type parser threw, see the cause. Do not repeat ' +
        'the call; mend the parser, and read the rows back.',
      { cause },
    )
  }
}

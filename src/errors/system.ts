import { LeaseholdError } from './leasehold-error.ts'

/** Work across tenants was asked for without saying why. Nothing was sent. */
export class ReasonRequiredError extends LeaseholdError {
  readonly code = 'LSH_ERR_REASON_REQUIRED'
  readonly retryable = false

  constructor() {
    super(
      'system() needs { reason }, a text that says why data of all tenants is touched, such as the number of a ticket: it ' +
        'goes into the audit events. Nothing was sent.',
    )
  }
}

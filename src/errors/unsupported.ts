import { LeaseholdError } from './leasehold-error.ts'

/**
 * A method was called that can have no meaning on a connection that other tenants use as well. Nothing was sent. The
 * message says what to use instead.
 */
export class UnsupportedError extends LeaseholdError {
  readonly code = 'LSH_ERR_UNSUPPORTED'
  readonly retryable = false

  /**
   * @param method what was called, such as `startTransaction()`
   * @param instead a sentence or two that say why not, and what to use
   */
  constructor(method: string, instead: string) {
    super(`${method} is not supported on a tenant's handle, and nothing was sent. ${instead}`)
  }
}

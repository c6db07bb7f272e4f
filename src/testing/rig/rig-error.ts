import { LeaseholdError } from '../../errors/leasehold-error.ts'

/**
 * A server of the rig did not do what was asked of it in time, or ended by itself. The message names the
 * server, shows the last lines of its log and says what to do.
 */
export class RigError extends LeaseholdError {
  readonly code = 'LSH_ERR_RIG'
  readonly retryable = false
}

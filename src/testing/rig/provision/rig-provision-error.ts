import { LeaseholdError } from '../../../errors/leasehold-error.ts'

/**
 * A program or a folder that the rig needs could not be had. The message ends with what to do: the
 * package to install or the command to run.
 */
export class RigProvisionError extends LeaseholdError {
  readonly code = 'LSH_ERR_RIG_PROVISION'
  readonly retryable = false
}

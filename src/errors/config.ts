import { LeaseholdError } from './leasehold-error.ts'

/** An option is invalid. Thrown where the options are read; the message names the option's path. */
export class ConfigError extends LeaseholdError {
  readonly code = 'LSH_ERR_CONFIG'
  readonly retryable = false
}

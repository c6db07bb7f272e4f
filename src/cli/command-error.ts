import { LeaseholdError } from '../errors/leasehold-error.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** A command of the command line could not do its work. The message says why, and what to do. */
export class CommandError extends LeaseholdError {
  readonly code = 'LSH_ERR_COMMAND'
  readonly retryable = false
  readonly exitCode: ExitCode

  constructor(
    message: string,
    { cause, exitCode = EXIT.failed }: { cause?: unknown; exitCode?: ExitCode } = {},
  ) {
    super(message, { cause })
    this.exitCode = exitCode
  }
}

import { ConfigError } from '../errors/config.ts'
import { LeaseholdError } from '../errors/leasehold-error.ts'
import { PartitionBusyError, PartitionRefusedError } from '../errors/partition.ts'
import { SchemaRefusedError } from '../rls/policy/schema-refused-error.ts'
import { printable } from '../rls/report/printable.ts'
import { RolloutError } from '../rls/rollout/rollout-error.ts'
import { CommandError } from './command-error.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** What is said of an error, and how the process ends. */
export interface Failure {
  readonly message: string
  readonly exitCode: ExitCode
}

/** Says of an error what a person needs: of ours the message, of one that nobody foresaw where it came from as well. */
export function explainFailure(error: unknown): Failure {
  if (error instanceof SchemaRefusedError) return { message: listProblems(error), exitCode: EXIT.failed }
  if (error instanceof LeaseholdError)
    return { message: printable(error.message), exitCode: exitCodeOf(error) }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    message: `leasehold failed in a way that nobody foresaw. Please report it:\n${text}`,
    exitCode: EXIT.failed,
  }
}

function exitCodeOf(error: LeaseholdError): ExitCode {
  if (error instanceof CommandError) return error.exitCode
  if (error instanceof RolloutError && error.reason === 'busy') return EXIT.locked
  if (error instanceof PartitionBusyError) return EXIT.locked
  if (error instanceof PartitionRefusedError) return EXIT.findings
  return error instanceof ConfigError ? EXIT.usage : EXIT.failed
}

/** Each in a line of its own, whatever is in a name. */
function listProblems({ problems }: SchemaRefusedError): string {
  const lines = problems.map(({ object, message, fix }) => printable(`- ${object}: ${message} ${fix}`))
  return ['The schema cannot be made right as it is, and nothing was changed:', ...lines].join('\n')
}

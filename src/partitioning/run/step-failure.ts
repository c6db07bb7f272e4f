import { LeaseholdError } from '../../errors/leasehold-error.ts'
import { PartitionStepError } from '../../errors/partition.ts'
import { isServerError, type ServerError } from '../../errors/server-error.ts'
import type { PartitionStep } from '../plan/step.ts'

/** What PostgreSQL means when it refuses a step, and what to do. */
const ADVICE: Readonly<Record<string, string>> = {
  '23503': 'Rows refer to others that are not there. Correct them, then run this again.',
  '23514': 'Rows lie outside of the bounds. `leasehold partitions check` says more.',
  '25006': 'The server takes no writes: it is a standby, or read only by default. Use the primary.',
  '42501':
    'The role of this connection must be a member of the owner of the table, and may need CREATE on the database to make schemas. ' +
    '`leasehold partitions setup` prints the SQL that sets it up; docs/partitions.md lists the roles.',
  '42P07': 'Something of that name is there. Where another run made it, run this again: it plans anew.',
  '42P17': 'The bounds overlap a partition that is there. `leasehold partitions check` says which.',
  '53100': 'The disk is full. Make room, then run this again.',
  '55000':
    'What was planned for has changed, or something has to be done first. Run this again: it plans anew.',
}
/** Classes of errors whose text may quote a value: data and constraints. What a step raises itself (55000) names tables only. */
const MAY_QUOTE = /^(?:22|23|P0)/

/** An error that another try would only meet again. */
export function failureOf(step: PartitionStep, error: unknown): PartitionStepError {
  if (isServerError(error)) return refusalOf(step, error)
  const said = error instanceof LeaseholdError ? ` ${error.message}` : ''
  return new PartitionStepError(
    step.id,
    `The step ${step.id} failed.${said || ' Its cause says more.'} What was done before stays; run this again to go on.`,
    { cause: error },
  )
}

function refusalOf(step: PartitionStep, error: ServerError): PartitionStepError {
  const said = MAY_QUOTE.test(error.code) ? '' : `: ${error.message}`
  const advice =
    ADVICE[error.code] ?? 'Its log says more. What was done before stays; run this again to go on.'
  return new PartitionStepError(
    step.id,
    `PostgreSQL refused the step ${step.id} (SQLSTATE ${error.code})${said}. ${advice}`,
    { sqlState: error.code, cause: error },
  )
}

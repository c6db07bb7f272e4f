import type { ServerError } from '../../errors/server-error.ts'
import { RolloutError } from './rollout-error.ts'
import type { RolloutStep } from './rollout-step.ts'

/** What PostgreSQL means when it refuses a step, and what to do. */
const ADVICE: Readonly<Record<string, string>> = {
  '23502': 'There are rows without a tenant. Fill the column, then run it again.',
  '23503':
    'There are rows that refer to rows of another tenant, or to none. Correct them, then run it again.',
  '23505': 'There are rows that the key would not tell apart. Correct them, then run it again.',
  '23514': 'There are rows without a tenant. Fill the column, then run it again.',
  '25001': 'The connection was in a transaction. Use one of its own.',
  '25006': 'The server takes no writes: it is a standby, or read only by default. Use the primary.',
  '42501': 'Run it as the owner of the tables, or as a superuser.',
  '53100': 'The disk is full. Make room, then run it again.',
}
/** Classes of errors whose text may quote a value. */
const MAY_QUOTE = /^(?:22|23|P0)/

/** An error that another attempt would only meet again. */
export function refusalOf(step: RolloutStep, error: ServerError): RolloutError {
  const said = MAY_QUOTE.test(error.code) ? '' : `: ${error.message}`
  const advice = ADVICE[error.code] ?? 'Its log says more. What was done before stays; run it again to go on.'
  return new RolloutError(
    'refused',
    `PostgreSQL refused a step (SQLSTATE ${error.code})${said}. ${step.object}: ${step.purpose} ${advice}`,
    { step, cause: error },
  )
}

import { LeaseholdError } from '../../errors/leasehold-error.ts'
import type { RolloutStep } from './rollout-step.ts'

/**
 * - `pooler`: the connection leads to a pooler.
 * - `busy`: another rollout is under way in the database.
 * - `blocked`: a step did not get its locks for as long as it was tried.
 * - `refused`: PostgreSQL refused a step.
 * - `without-tenant`: the application was seen to run statements without a tenant.
 * - `lost`: the connection was lost, or nobody answered.
 * - `stopped`: the caller's signal.
 */
export type RolloutFailure = 'pooler' | 'busy' | 'blocked' | 'refused' | 'without-tenant' | 'lost' | 'stopped'

/**
 * A rollout came to a halt. What it has done stays, hurts nobody, and is not done again by the next run. The server's own
 * error is the `cause`; it may hold values of rows.
 */
export class RolloutError extends LeaseholdError {
  readonly code = 'LSH_ERR_ROLLOUT'
  /** Only where nothing was begun. */
  readonly retryable: boolean
  readonly reason: RolloutFailure
  /** The step that it halted at, where it had begun. */
  readonly step: RolloutStep | undefined

  constructor(
    reason: RolloutFailure,
    message: string,
    { step, cause }: { readonly step?: RolloutStep; readonly cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.reason = reason
    this.retryable = reason === 'busy'
    this.step = step
  }
}

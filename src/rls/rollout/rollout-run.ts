import type { WithoutTenant } from './observe.ts'
import type { RolloutLimits } from './rollout-limits.ts'
import type { RolloutPhase, RolloutStep } from './rollout-step.ts'
import type { FailedAttempt } from './run-step.ts'

/** How a rollout is run. */
export interface RolloutRun {
  /** The last phase to be run. @default 'finish' */
  readonly through?: RolloutPhase
  /**
   * Milliseconds for which statements without a tenant are looked for before the policies hold. Where there are any, the rollout
   * halts there; without this, it does not look, nor halt.
   */
  readonly observeMs?: number
  readonly limits?: Partial<RolloutLimits>
  /** Stops it between two attempts, or while it observes. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: RolloutEvent) => void
  /** Hears at once of each that runs statements without a tenant while it observes. */
  readonly onWithoutTenant?: (who: WithoutTenant) => void
  /** From 0 to 1, for the waits between attempts. @default Math.random */
  readonly random?: () => number
}

/** A step that was run. */
export interface DoneStep {
  readonly step: RolloutStep
  readonly attempts: number
  readonly tookMs: number
}

/** What happens while it runs. */
export type RolloutEvent =
  | { readonly type: 'begin'; readonly step: RolloutStep; readonly number: number; readonly of: number }
  | ({ readonly type: 'retry' } & FailedAttempt)
  | ({ readonly type: 'done' } & DoneStep)

/** What a run has done, and what is left. */
export interface RolloutReport {
  readonly done: readonly DoneStep[]
  /** Steps of later phases, or such as had no effect or became due meanwhile; none when the schema is right. */
  readonly left: readonly RolloutStep[]
}

import type { PartitionStepError } from '../../errors/partition.ts'
import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { PartitionStep } from '../plan/step.ts'
import type { ApplyOptions } from './apply-options.ts'
import type { LockHolder, LockWatch } from './lock-holders.ts'
import type { DeferReason } from './run-report.ts'

/** What the steps of one run share. */
export interface StepRun {
  /** Sends the steps; each answer is waited for within a limit. */
  readonly client: CatalogClient
  readonly watch: LockWatch
  readonly options: ApplyOptions
  readonly isPooled: boolean
  /** By `performance.now()`. */
  readonly deadlineAtMs: number
  /** Tells that a step waits before it is tried, or tried again. */
  waits(wait: StepWait): void
}

export interface StepWait {
  readonly step: PartitionStep
  readonly attempt: number
  readonly sqlState: string | undefined
  readonly holders: readonly LockHolder[]
  readonly againInMs: number
}

/** What came of a step. */
export type StepOutcome =
  | { readonly outcome: 'done'; readonly attempts: number }
  | {
      readonly outcome: 'deferred'
      readonly attempts: number
      readonly reason: DeferReason
      readonly message: string
      readonly holders: readonly LockHolder[]
    }
  | { readonly outcome: 'failed'; readonly attempts: number; readonly error: PartitionStepError }

/** A step that is left to the next run. */
export function deferred(
  reason: DeferReason,
  message: string,
  {
    attempts = 0,
    holders = [],
  }: { readonly attempts?: number; readonly holders?: readonly LockHolder[] } = {},
): StepOutcome {
  return { outcome: 'deferred', attempts, reason, message, holders }
}

/** Whether no further try is to be begun, and why. */
export function isOver({ options, deadlineAtMs }: StepRun, step: PartitionStep): StepOutcome | undefined {
  if (options.signal?.aborted)
    return deferred('stopped', `The run was stopped before ${step.id}. Run it again to go on.`)
  if (performance.now() >= deadlineAtMs)
    return deferred('deadline', `The run's time was over before ${step.id}. Run it again to go on.`)
  return undefined
}

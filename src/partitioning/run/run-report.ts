import type { PartitionStepError } from '../../errors/partition.ts'
import type { PartitionStep } from '../plan/step.ts'
import type { LockHolder } from './lock-holders.ts'

/** A step that was done. */
export interface DoneStep {
  readonly step: PartitionStep
  /** Tries, counted from 1. */
  readonly attempts: number
  readonly tookMs: number
}

/**
 * Why a step was left to the next run.
 *
 * - `locked`: others hold what it needs, for as long as it was tried
 * - `interrupted`: a DETACH CONCURRENTLY or the like ended half way; the next run ends it
 * - `replica`: sessions of a replica use the partition
 * - `deadline`: the run's time is over
 * - `stopped`: by the caller's signal
 * - `no-archive`: the run was given nothing to archive with
 */
export type DeferReason = 'locked' | 'interrupted' | 'replica' | 'deadline' | 'stopped' | 'no-archive'

/** A step that is left to the next run. */
export interface DeferredStep extends DoneStep {
  readonly reason: DeferReason
  /** What happened, where, and what to do. */
  readonly message: string
  /** Who was in the way when it was looked for last. */
  readonly holders: readonly LockHolder[]
}

/** A step that would fail again. */
export interface FailedStep extends DoneStep {
  readonly error: PartitionStepError
}

/** What a run has done. Nothing is left to do where all but `done` are empty, and the plan refused nothing. */
export interface PartitionReport {
  readonly done: readonly DoneStep[]
  readonly deferred: readonly DeferredStep[]
  readonly failed: readonly FailedStep[]
  /** Steps of a chain in which one before them was deferred or failed. */
  readonly skipped: readonly PartitionStep[]
  /** The server is a standby: there was nothing to do. */
  readonly inRecovery: boolean
}

/** What happens while a run goes on: a `begin` and an `end` for each step that is tried. */
export type PartitionEvent =
  | { readonly type: 'begin'; readonly step: PartitionStep; readonly number: number; readonly of: number }
  | {
      readonly type: 'wait'
      readonly step: PartitionStep
      readonly attempt: number
      /** The SQLSTATE of a try that failed; nothing where none was made, because others hold what it needs. */
      readonly sqlState: string | undefined
      readonly holders: readonly LockHolder[]
      /** Milliseconds until it is looked at again. */
      readonly againInMs: number
    }
  | ({ readonly type: 'end'; readonly outcome: 'done' } & DoneStep)
  | ({ readonly type: 'end'; readonly outcome: 'deferred' } & DeferredStep)
  | ({ readonly type: 'end'; readonly outcome: 'failed' } & FailedStep)
  | { readonly type: 'skip'; readonly step: PartitionStep }

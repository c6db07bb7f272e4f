import { PartitionStepError } from '../../errors/partition.ts'
import { isConnectionGone } from '../../rls/rollout/lost-connection.ts'
import type { PartitionStep } from '../plan/step.ts'
import { SilentServer } from './answered-within.ts'
import { PartitionLostError } from './partition-lost-error.ts'
import type { DeferredStep, DoneStep, FailedStep, PartitionEvent, PartitionReport } from './run-report.ts'
import { runStep } from './run-step.ts'
import { skewProblem } from './server-clock.ts'
import type { StepOutcome, StepRun } from './step-run.ts'

/**
 * Runs steps one after the other, each on its own: one that fails, or is deferred, skips those behind it in its chain, and no others.
 *
 * @param beforeStep makes sure that the run still holds its lock
 * @throws {PartitionLostError}
 */
export async function runSteps(
  run: StepRun,
  steps: readonly PartitionStep[],
  { skewMs, beforeStep }: { readonly skewMs: number; readonly beforeStep: () => Promise<unknown> },
): Promise<PartitionReport> {
  const [done, deferred, failed, skipped]: [DoneStep[], DeferredStep[], FailedStep[], PartitionStep[]] = [
    [],
    [],
    [],
    [],
  ]
  const report: PartitionReport = { done, deferred, failed, skipped, inRecovery: false }
  const broken = new Set<string>()
  const emit = (event: PartitionEvent) => run.options.onEvent?.(event)
  for (const [index, step] of steps.entries()) {
    if (broken.has(step.chain)) {
      skipped.push(step)
      emit({ type: 'skip', step })
      continue
    }
    emit({ type: 'begin', step, number: index + 1, of: steps.length })
    const begun = performance.now()
    let result: StepOutcome
    try {
      await beforeStep()
      result = refusedBySkew(step, skewMs) ?? (await runStep(run, step))
    } catch (error) {
      if (!isLost(error)) throw error
      skipped.push(...steps.slice(index + 1))
      throw new PartitionLostError(step.id, report, error)
    }
    const { attempts } = result
    const finished = { step, attempts, tookMs: performance.now() - begun }
    if (result.outcome === 'done') {
      done.push(finished)
      emit({ type: 'end', outcome: 'done', ...finished })
      continue
    }
    broken.add(step.chain)
    if (result.outcome === 'deferred') {
      const { reason, message, holders } = result
      const entry = { ...finished, reason, message, holders }
      deferred.push(entry)
      emit({ type: 'end', outcome: 'deferred', ...entry })
    } else {
      const entry = { ...finished, error: result.error }
      failed.push(entry)
      emit({ type: 'end', outcome: 'failed', ...entry })
    }
  }
  return report
}

/** Whether the connection is of no more use. */
export function isLost(error: unknown): boolean {
  return error instanceof SilentServer || isConnectionGone(error)
}

function refusedBySkew(step: PartitionStep, skewMs: number): StepOutcome | undefined {
  const problem = skewProblem(step.phase, skewMs)
  if (problem === undefined) return undefined
  return {
    outcome: 'failed',
    attempts: 0,
    error: new PartitionStepError(step.id, `${step.id} was refused. ${problem}`),
  }
}

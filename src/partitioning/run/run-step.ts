import type { PartitionStep } from '../plan/step.ts'
import { passGate } from './replica-gate.ts'
import { failureOf } from './step-failure.ts'
import { deferred, isOver, type StepOutcome, type StepRun } from './step-run.ts'
import { tryStep } from './try-step.ts'

/** Runs one step, by its kind. */
export async function runStep(run: StepRun, step: PartitionStep): Promise<StepOutcome> {
  switch (step.kind) {
    case 'transaction':
    case 'statement':
      return tryStep(run, step)
    case 'gate':
      return passGate(run, step)
    case 'archive':
      return archive(run, step)
  }
}

/** The archive keeps its receipt in the database; the statements of the step have the ledger take it over. */
async function archive(run: StepRun, step: PartitionStep): Promise<StepOutcome> {
  const { archive: archiveStep, signal } = run.options
  const over = isOver(run, step)
  if (over) return over
  if (!archiveStep) {
    return deferred(
      'no-archive',
      `The run has nothing to archive with, so ${step.id} is left to one that has.`,
    )
  }
  try {
    await archiveStep(step, signal)
  } catch (error) {
    if (signal?.aborted)
      return deferred('stopped', `The run was stopped at ${step.id}. Run it again to go on.`, { attempts: 1 })
    return { outcome: 'failed', attempts: 1, error: failureOf(step, error) }
  }
  return step.statements.length === 0
    ? { outcome: 'done', attempts: 1 }
    : tryStep(run, { ...step, locks: [] })
}

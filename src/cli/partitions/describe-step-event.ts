import { describeHolder } from '../../partitioning/run/lock-holders.ts'
import type { DeferredStep, FailedStep, PartitionEvent } from '../../partitioning/run/run-report.ts'
import { printable } from '../../rls/report/printable.ts'

/** Says in a line what happens while a plan is run. */
export function describeStepEvent(event: PartitionEvent): string {
  switch (event.type) {
    case 'begin':
      return printable(`${event.number}/${event.of} ${event.step.id}: ${event.step.purpose}`)
    case 'wait': {
      const held = event.holders.map(describeHolder).join('; ')
      const what =
        event.sqlState === undefined
          ? 'others hold what it needs'
          : `attempt ${event.attempt} did not get its locks`
      return printable(`  ${what}${held && ` (${held})`}; again in ${event.againInMs} ms`)
    }
    case 'end':
      if (event.outcome === 'done') return `  done in ${Math.round(event.tookMs)} ms`
      return event.outcome === 'deferred' ? describeDeferred(event) : describeFailed(event)
    case 'skip':
      return printable(`  skipped: ${event.step.id}`)
  }
}

/** Why a step was left to the next run. */
export function describeDeferred({ step, message }: DeferredStep): string {
  return printable(`  left to the next run: ${step.id}: ${message}`)
}

/** Why a step failed. */
export function describeFailed({ step, error }: FailedStep): string {
  return printable(`  failed: ${step.id}: ${error.message}`)
}

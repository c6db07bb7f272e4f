import type { PartitionPlan } from '../../partitioning/plan/step.ts'
import type { DoneStep, PartitionReport } from '../../partitioning/run/run-report.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { shownStep } from './plan-json.ts'

/** Prints what a run has done, and says how the command ends: a step that failed counts for more than one that is left. */
export function reportRun(
  plan: PartitionPlan,
  report: PartitionReport,
  terminal: Terminal,
  json: boolean,
): ExitCode {
  terminal.print(json ? runJson(plan, report) : summary(plan, report))
  if (report.failed.length > 0) return EXIT.failed
  const left = report.deferred.length + report.skipped.length + plan.refusals.length
  return left === 0 ? EXIT.done : EXIT.findings
}

function summary(
  { refusals }: PartitionPlan,
  { done, deferred, failed, skipped, inRecovery }: PartitionReport,
): string {
  if (inRecovery) return 'The server is a standby: there is nothing to do.'
  const counts: readonly (readonly [word: string, count: number])[] = [
    ['Failed', failed.length],
    ['Left to the next run', deferred.length],
    ['Skipped', skipped.length],
    ['Refused', refusals.length],
  ]
  return [
    `Steps done: ${done.length}.`,
    ...counts.filter(([, count]) => count > 0).map(([word, count]) => `${word}: ${count}.`),
  ].join(' ')
}

function runJson(
  { refusals }: PartitionPlan,
  { done, deferred, failed, skipped, inRecovery }: PartitionReport,
): string {
  return JSON.stringify({
    done: done.map(tried),
    deferred: deferred.map((each) => ({ ...tried(each), reason: each.reason, message: each.message })),
    failed: failed.map((each) => ({ ...tried(each), message: each.error.message })),
    skipped: skipped.map(shownStep),
    refusals,
    inRecovery,
  })
}

function tried({ step, attempts, tookMs }: DoneStep) {
  return { ...shownStep(step), attempts, tookMs: Math.round(tookMs) }
}

import type pg from 'pg'
import type { PartitionSet } from '../../partitioning/definition/partition-options.ts'
import { printPlan } from '../../partitioning/plan/print-plan.ts'
import type { PartitionPlan } from '../../partitioning/plan/step.ts'
import type { ApplyOptions } from '../../partitioning/run/apply-options.ts'
import { applyPlan } from '../../partitioning/run/apply-plan.ts'
import type { CommandOptions, ValuesOf } from '../command-definition.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { describeRefusal } from './describe-refusal.ts'
import { describeStepEvent } from './describe-step-event.ts'
import { readSeconds } from './read-seconds.ts'
import { reportPlan } from './report-plan.ts'
import { reportRun } from './report-run.ts'

/** How every plan is run. */
export const RUN_OPTIONS = {
  'dry-run': { type: 'boolean', help: 'prints exactly the SQL that would be run, and runs none' },
  'lock-budget': {
    type: 'string',
    value: '<seconds>',
    help: 'how long a step is tried again that does not get its locks [60]',
  },
  deadline: { type: 'string', value: '<seconds>', help: 'when no further step is begun [3600]' },
  json: { type: 'boolean', help: 'prints what was done, and what was not, as JSON' },
} as const satisfies CommandOptions

/** What a plan is run with. */
export interface PlanRun {
  /** The job's own connection. */
  readonly client: pg.Client
  readonly values: ValuesOf<typeof RUN_OPTIONS>
  readonly terminal: Terminal
  readonly set: PartitionSet
  readonly more?: Partial<ApplyOptions>
}

/** Runs a plan, or with `--dry-run` prints it. A line for each step goes to standard error. */
export async function runPlan(plan: PartitionPlan, run: PlanRun): Promise<ExitCode> {
  const { client, values, terminal, more } = run
  const limits = {
    lockBudgetMs: readSeconds('--lock-budget', values['lock-budget'], 60),
    deadlineMs: readSeconds('--deadline', values.deadline, 3_600),
  }
  if (values['dry-run']) return reportPlan(plan, terminal, values.json, printPlan)
  for (const refusal of plan.refusals) terminal.note(describeRefusal(refusal))
  const report = await applyPlan(plan, client, {
    ...limits,
    signal: terminal.interruption(),
    onEvent: (event) => terminal.note(describeStepEvent(event)),
    ...more,
  })
  return reportRun(plan, report, terminal, values.json)
}

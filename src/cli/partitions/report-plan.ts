import type { PartitionPlan } from '../../partitioning/plan/step.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { describeRefusal } from './describe-refusal.ts'
import { planJson } from './plan-json.ts'

/** Prints what would be done; what would not, to standard error. */
export function reportPlan(
  plan: PartitionPlan,
  terminal: Terminal,
  json: boolean,
  print: (plan: PartitionPlan) => string,
): ExitCode {
  for (const refusal of plan.refusals) terminal.note(describeRefusal(refusal))
  terminal.print(json ? planJson(plan) : print(plan).trimEnd() || '-- Nothing is to be done.')
  return plan.steps.length + plan.refusals.length === 0 ? EXIT.done : EXIT.findings
}

import type { PlanRefusal } from '../../partitioning/plan/step.ts'
import { printable } from '../../rls/report/printable.ts'

/** Says in a line why something is not done, and in another what to do. */
export function describeRefusal({ table, partition, reason, message, fix }: PlanRefusal): string {
  const object = partition === undefined ? table : `${table}, ${partition}`
  return `${printable(`${object}  [${reason}] ${message}`)}\n    Fix: ${printable(fix)}`
}

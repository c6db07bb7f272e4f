import type { PartitionPlan, PartitionStep } from '../../partitioning/plan/step.ts'

/** What is shown of a step in JSON. */
export interface ShownStep
  extends Pick<PartitionStep, 'id' | 'phase' | 'table' | 'purpose' | 'kind' | 'locks'> {
  readonly partition: string | undefined
  readonly sql: string
}

export function shownStep({
  id,
  phase,
  table,
  partition,
  purpose,
  kind,
  locks,
  statements,
}: PartitionStep): ShownStep {
  return { id, phase, table, partition, purpose, kind, locks, sql: statements.join('\n') }
}

/** Writes a plan as JSON, in a line. */
export function planJson({ steps, refusals }: PartitionPlan): string {
  return JSON.stringify({ steps: steps.map(shownStep), refusals })
}

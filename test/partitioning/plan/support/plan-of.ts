import { planPartitions } from '../../../../src/partitioning/plan/plan-partitions.ts'
import type { PartitionPlan, PartitionStep } from '../../../../src/partitioning/plan/step.ts'
import { type CatalogChange, catalogWith, leaf, ledgerRow, SET } from '../../check/sound-catalog.ts'

/**
 * The plan of a sound catalog with a change: months from 2026-09 to 2027-01, on 10 November 2026, premake 2, 12 months kept, at least 4
 * left. Everything that is attached stands in the ledger, beside what the change says.
 */
export function planOf(change: CatalogChange = {}): PartitionPlan {
  const sound = catalogWith(change)
  const [state] = sound.tables
  if (!state) throw new Error('unreachable')
  const noted = state.leaves
    .filter(({ oid, detachPending }) => !detachPending && !state.ledger.some((row) => row.oid === oid))
    .map(({ oid, name, lowUs, highUs }) =>
      ledgerRow(oid, { partition: name, lowUs, highUs, state: 'attached' }),
    )
  return planPartitions(SET, { ...sound, tables: [{ ...state, ledger: [...state.ledger, ...noted] }] })
}

/** The steps of a plan by their ids, without the table. */
export function idsOf({ steps }: PartitionPlan): readonly string[] {
  return steps.map(({ id }) => id.replace('/public.audit_log', ''))
}

export function reasonsOf({ refusals }: PartitionPlan): readonly string[] {
  return refusals.map(({ reason }) => reason)
}

/** The step whose id ends so. */
export function stepOf(plan: PartitionPlan, end: string): PartitionStep {
  const step = plan.steps.find(({ id }) => id.endsWith(end))
  if (!step) throw new Error(`There is no step …${end} among ${idsOf(plan).join(', ')}`)
  return step
}

/** Leaves of consecutive months, from the first of one to that before another. */
export function months(from: string, to: string): ReturnType<typeof leaf>[] {
  const found: ReturnType<typeof leaf>[] = []
  for (let day = new Date(`${from}-01`); day < new Date(`${to}-01`); ) {
    const low = day.toISOString().slice(0, 10)
    day = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1))
    found.push(leaf(low, day.toISOString().slice(0, 10)))
  }
  return found
}

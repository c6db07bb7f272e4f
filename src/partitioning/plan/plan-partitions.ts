import type { PartitionCatalog } from '../catalog/partition-catalog.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import { planAnalyze } from './analyze.ts'
import { planArchive } from './archive.ts'
import { planDrop } from './drop.ts'
import { planPremake } from './premake/plan-premake.ts'
import { planPrepare } from './prepare.ts'
import { planReconcile } from './reconcile/plan-reconcile.ts'
import { refuseTable } from './refuse-table.ts'
import { planRetire } from './retire/plan-retire.ts'
import type { PartitionPlan, PlanRefusal } from './step.ts'
import { TablePlanning } from './table-planning.ts'

/**
 * Plans a run: what to do about each table of the set now, with the SQL of each step. Pure: of the same catalog it makes the same plan, and
 * once all its steps are done there is nothing left of it to plan, but for what one run leaves to the next (`maxRetirePerRun`, days of
 * grace).
 *
 * The order is that of phases, and within them of tables. Months ahead of all tables come before holes of the past, and rows are taken in
 * before anything is retired: each step is a transaction of its own, and one that fails skips only those of its own chain.
 */
export function planPartitions(set: PartitionSet, catalog: PartitionCatalog): PartitionPlan {
  if (catalog.inRecovery) return { steps: [], refusals: [] }
  const refusals: PlanRefusal[] = []
  const tables: TablePlanning[] = []
  for (const state of catalog.tables) {
    const refused = refuseTable(set, state)
    refusals.push(...refused)
    if (refused.length === 0 && state.parent)
      tables.push(new TablePlanning(set, catalog, state, state.parent))
  }
  const reconciled = tables.map(planReconcile)
  const premade = tables.map(planPremake)
  const retired = tables.map(planRetire)
  const dropped = tables.map(planDrop)
  const changes = [
    ...planPrepare(set, catalog, tables),
    ...reconciled.flatMap(({ reconcile }) => reconcile),
    ...premade.flatMap(({ ahead }) => ahead),
    ...premade.flatMap(({ past }) => past),
    ...retired.flatMap(({ retire }) => retire),
    ...reconciled.flatMap(({ archive }) => archive),
    ...retired.flatMap(({ archive }) => archive),
    ...tables.flatMap(planArchive),
    ...dropped.flatMap(({ steps }) => steps),
  ]
  return {
    steps: [...changes, ...tables.flatMap((planning) => planAnalyze(planning, changes))],
    refusals: [...refusals, ...[...premade, ...retired, ...dropped].flatMap((plan) => plan.refusals)],
  }
}

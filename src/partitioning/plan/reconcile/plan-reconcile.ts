import type { LooseTable } from '../../catalog/partition-catalog.ts'
import { archiveSteps } from '../archive.ts'
import { looseRole, spanOfLoose } from '../loose-role.ts'
import { finalizeStep } from '../retire/detach.ts'
import { foreignKeySteps } from '../retire/foreign-keys.ts'
import { secureStep } from '../retire/secure.ts'
import type { PartitionStep } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'
import { hardenSteps } from './harden.ts'
import { noteAttachedSteps } from './note-attached.ts'

/** Steps that heal what an interrupted run or a hand has left, and the archives that follow from it in the same run. */
export interface ReconcilePlan {
  readonly reconcile: readonly PartitionStep[]
  readonly archive: readonly PartitionStep[]
}

/** Plans what brings the catalog and the ledger together again. The catalog is the truth. */
export function planReconcile(planning: TablePlanning): ReconcilePlan {
  const { pending, state, object, table } = planning
  const strays = state.loose.filter((loose) => looseRole(planning, loose) === 'stray')
  const chainOf = (name: string) => `reconcile/${object}/${planning.label(name)}`
  return {
    reconcile: [
      ...pending.flatMap((leaf) => [
        finalizeStep(planning, leaf, chainOf(leaf.name)),
        secureStep(planning, {
          phase: 'reconcile',
          relation: leaf,
          span: leaf,
          graceDays: table.graceDays,
          chain: chainOf(leaf.name),
        }),
        ...foreignKeySteps(planning, { phase: 'reconcile', relation: leaf, chain: chainOf(leaf.name) }),
      ]),
      ...strays.flatMap((loose) => [
        secureStep(planning, {
          phase: 'reconcile',
          relation: loose,
          span: spanOfLoose(planning, loose),
          graceDays: graceOf(planning, loose),
          chain: chainOf(loose.name),
        }),
        ...foreignKeySteps(planning, { phase: 'reconcile', relation: loose, chain: chainOf(loose.name) }),
      ]),
      ...state.loose
        .filter((loose) => looseRole(planning, loose) === 'settled')
        .flatMap((loose) =>
          foreignKeySteps(planning, { phase: 'reconcile', relation: loose, chain: chainOf(loose.name) }),
        ),
      ...hardenSteps(planning),
      ...noteAttachedSteps(planning),
    ],
    archive: [
      ...pending.flatMap((leaf) => archiveSteps(planning, leaf, leaf, chainOf(leaf.name))),
      ...strays.flatMap((loose) =>
        archiveSteps(planning, loose, spanOfLoose(planning, loose), chainOf(loose.name)),
      ),
    ],
  }
}

/** What the job was retiring, or is older than what is kept, is dropped in its time; of anything else a person has to say so. */
function graceOf(planning: TablePlanning, loose: LooseTable): number | undefined {
  const isOwn = planning.ledgerRow(loose.oid)?.state === 'retiring'
  return isOwn || planning.isDue(spanOfLoose(planning, loose)?.highUs) ? planning.table.graceDays : undefined
}

import type { Leaf } from '../../catalog/partition-catalog.ts'
import { objectOf } from '../../check/relation-name.ts'
import { raiseUnless } from '../../convert/guard.ts'
import { archiveSteps } from '../archive.ts'
import { hasRow, LEDGER_LOCK, noteState } from '../sql/ledger-notes.ts'
import type { PartitionStep, PlanRefusal } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'
import { chooseRetired } from './choose-retired.ts'
import { detachStep } from './detach.ts'
import { foreignKeySteps } from './foreign-keys.ts'
import { secureStep } from './secure.ts'

/** Steps that retire partitions, and those that archive them in the same run. */
export interface RetirePlan {
  readonly retire: readonly PartitionStep[]
  readonly archive: readonly PartitionStep[]
  readonly refusals: readonly PlanRefusal[]
}

/**
 * Plans to retire the oldest partitions. All of a table's are one chain: PostgreSQL detaches no partition while the detach of another is
 * pending.
 */
export function planRetire(planning: TablePlanning): RetirePlan {
  const { leaves, refusals } = chooseRetired(planning)
  const chain = `retire/${planning.object}`
  return {
    retire: leaves.flatMap((leaf) => retireSteps(planning, leaf, chain)),
    archive: leaves.flatMap((leaf) => archiveSteps(planning, leaf, leaf, chain)),
    refusals,
  }
}

function retireSteps(planning: TablePlanning, leaf: Leaf, chain: string): readonly PartitionStep[] {
  const { table } = planning
  return [
    gateStep(planning, leaf, chain),
    markStep(planning, leaf, chain),
    detachStep(planning, leaf, chain),
    secureStep(planning, {
      phase: 'retire',
      relation: leaf,
      span: { lowUs: leaf.lowUs, highUs: leaf.highUs },
      graceDays: table.graceDays,
      chain,
    }),
    ...foreignKeySteps(planning, { phase: 'retire', relation: leaf, chain }),
  ]
}

/** A replica replays the lock of the detach, and cancels whoever reads the partition there; the primary does not see them. */
function gateStep(planning: TablePlanning, leaf: Leaf, chain: string): PartitionStep {
  const { oid, schema, name, lowUs, highUs } = leaf
  return planning.step('retire', planning.label(name), 'gate', {
    partition: name,
    kind: 'gate',
    purpose: 'Waits until nobody reads the partition on a replica, where the detach would cancel them.',
    statements: [],
    locks: [],
    relation: { oid, schema, name, lowUs, highUs, key: planning.table.key },
    chain,
  })
}

function markStep(planning: TablePlanning, leaf: Leaf, chain: string): PartitionStep {
  const noted = {
    table: planning.object,
    partition: leaf.name,
    oid: leaf.oid,
    lowUs: leaf.lowUs,
    highUs: leaf.highUs,
  }
  return planning.step('retire', planning.label(leaf.name), 'mark', {
    partition: leaf.name,
    purpose: 'Notes that the partition is being retired, unless it is held by now.',
    statements: [
      noteState(noted, 'retiring'),
      raiseUnless(hasRow(noted, 'hold is null'), `${objectOf(leaf)} is held, and not retired`),
    ],
    locks: [LEDGER_LOCK],
    chain,
  })
}

import type { Leaf } from '../../catalog/partition-catalog.ts'
import { LEDGER_LOCK, noteAnew } from '../sql/ledger-notes.ts'
import type { PartitionStep } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'

/** Notes partitions that are attached and that the ledger knows otherwise, or not at all: a hold is put on a row of it. */
export function noteAttachedSteps(planning: TablePlanning): readonly PartitionStep[] {
  const unknown = planning.attached.filter((leaf) => !isNoted(planning, leaf))
  if (unknown.length === 0) return []
  return [
    planning.step('reconcile', planning.table.name, 'note', {
      purpose: `Notes in the ledger what is attached: ${unknown.length === 1 ? unknown[0]?.name : `${unknown.length} partitions`}.`,
      statements: [
        noteAnew(
          unknown.map(({ name, oid, lowUs, highUs }) => ({
            table: planning.object,
            partition: name,
            oid,
            lowUs,
            highUs,
          })),
          'attached',
        ),
      ],
      locks: [LEDGER_LOCK],
    }),
  ]
}

function isNoted(planning: TablePlanning, { oid, highUs }: Leaf): boolean {
  const state = planning.ledgerRow(oid)?.state
  return state === 'attached' || (state === 'retiring' && planning.isDue(highUs))
}

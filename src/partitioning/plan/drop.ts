import type { LooseTable } from '../catalog/partition-catalog.ts'
import { identOf, objectOf } from '../check/relation-name.ts'
import { raiseUnless } from '../convert/guard.ts'
import type { LedgerRow } from '../ledger/ledger-row.ts'
import { hasRow, LEDGER_LOCK, noteDropped } from './sql/ledger-notes.ts'
import { isTable, isUnattached } from './sql/table-facts.ts'
import type { PartitionPlan, PartitionStep, PlanRefusal } from './step.ts'
import type { TablePlanning } from './table-planning.ts'

/**
 * Plans to drop what was archived, has waited for its days of grace, and is not held. All of it is asked again in the transaction of the
 * drop, with the ledger's row locked; and the database asks for the receipt itself.
 */
export function planDrop(planning: TablePlanning): PartitionPlan {
  const steps: PartitionStep[] = []
  const refusals: PlanRefusal[] = []
  for (const loose of planning.state.loose) {
    const row = planning.ledgerRow(loose.oid)
    if (!row || !mayBeDropped(planning, loose, row)) continue
    const refusal = referredTo(planning, loose)
    if (refusal) refusals.push(refusal)
    // Its DROP would lock the tables that its foreign keys refer to. They are dropped first, and it in the next run.
    else if (loose.foreignKeys.length === 0) steps.push(dropStep(planning, loose))
  }
  return { steps, refusals }
}

function mayBeDropped(
  { set, catalog, table }: TablePlanning,
  { schema }: LooseTable,
  { state, archiveUri, rows, sha256, dropAfterUs, hold }: LedgerRow,
): boolean {
  const hasReceipt = archiveUri !== undefined && rows !== undefined && sha256 !== undefined
  const isOver = dropAfterUs !== undefined && dropAfterUs <= catalog.nowUs
  return (
    table.archive !== undefined &&
    schema === set.detachedSchema &&
    state === 'archived' &&
    hasReceipt &&
    isOver &&
    hold === undefined
  )
}

function referredTo(planning: TablePlanning, loose: LooseTable): PlanRefusal | undefined {
  const [key] = loose.referencedBy
  if (!key) return undefined
  return planning.refusal('foreign-key-into', {
    partition: loose.name,
    message: `${key.table} refers to ${objectOf(loose)} by its foreign key ${key.name}, so that it cannot be dropped.`,
    fix: `Drop ${key.name} on ${key.table}.`,
  })
}

function dropStep(planning: TablePlanning, loose: LooseTable): PartitionStep {
  const noted = { table: planning.object, partition: loose.name, oid: loose.oid }
  const due =
    "state = 'archived' and archive_uri is not null and rows is not null and sha256 is not null and hold is null and drop_after <= pg_catalog.now()"
  return planning.step('drop', planning.label(loose.name), 'drop', {
    partition: loose.name,
    purpose: 'Drops the table: its archive was read back and compared, and its days of grace are over.',
    statements: [
      raiseUnless(
        `${isTable(loose.oid, loose)} and ${isUnattached(loose.oid)} and ${hasRow(noted, due)}`,
        `${objectOf(loose)} is attached, held, or not to be dropped yet; plan again`,
      ),
      `drop table ${identOf(loose)};`,
      noteDropped(noted),
    ],
    locks: [{ table: objectOf(loose), mode: 'ACCESS EXCLUSIVE' }, LEDGER_LOCK],
  })
}

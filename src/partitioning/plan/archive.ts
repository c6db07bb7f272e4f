import type { RelationState } from '../catalog/partition-catalog.ts'
import { objectOf } from '../check/relation-name.ts'
import type { Span } from '../check/spans.ts'
import { raiseUnless } from '../convert/guard.ts'
import { hasRow, LEDGER_LOCK, noteArchived } from './sql/ledger-notes.ts'
import type { PartitionStep } from './step.ts'
import type { TablePlanning } from './table-planning.ts'

/**
 * Archives a table that was put away: its rows are written, read back and compared; then the ledger takes over the receipt, which only the
 * archive can have left in the database. None where the configuration names no archive.
 */
export function archiveSteps(
  planning: TablePlanning,
  relation: RelationState,
  span: Span | undefined,
  chain?: string,
): readonly PartitionStep[] {
  const { table, object, set } = planning
  if (!table.archive) return []
  const away = { schema: set.detachedSchema, name: relation.name }
  const noted = { table: object, partition: relation.name, oid: relation.oid }
  return [
    planning.step('archive', planning.label(relation.name), 'archive', {
      partition: relation.name,
      kind: 'archive',
      purpose: `Writes the rows to the archive as ${table.archive.format}, reads them back and compares them.`,
      statements: [
        noteArchived(noted),
        raiseUnless(
          hasRow(noted, `state = 'archived'`),
          `there is no receipt of an archive of ${objectOf(away)} as it is now`,
        ),
      ],
      locks: [
        { table: objectOf(away), mode: 'ACCESS SHARE' },
        LEDGER_LOCK,
        { table: 'leasehold_guard.partition_receipt', mode: 'ROW EXCLUSIVE' },
      ],
      relation: {
        oid: relation.oid,
        ...away,
        lowUs: span?.lowUs,
        highUs: span?.highUs,
        key: table.key,
      },
      ...(chain === undefined ? {} : { chain }),
    }),
  ]
}

/** Archives what was put away by an earlier run. */
export function planArchive(planning: TablePlanning): readonly PartitionStep[] {
  const { state, set } = planning
  return state.loose.flatMap((loose) => {
    const row = planning.ledgerRow(loose.oid)
    const isMeant = loose.schema === set.detachedSchema && row?.state === 'detached'
    return isMeant ? archiveSteps(planning, loose, row) : []
  })
}

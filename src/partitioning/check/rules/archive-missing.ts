import type { PartitionSet } from '../../definition/partition-options.ts'
import type { LedgerRow } from '../../ledger/ledger-row.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf } from '../relation-name.ts'

/** Rows are gone, or may go at any time, that nobody has read back from an archive. */
export const archiveMissing: PartitionRule = tableRule({
  id: 'archive-missing',
  invariant: 'I8',
  title: 'A partition is gone, or may be dropped, without an archive',
  severity: 'error',
  find: ({ leaves, loose, ledger }, { set }) => {
    const there = new Set([...leaves, ...loose].map(({ oid }) => oid))
    return ledger.flatMap((row) => {
      const problem = problemOf(row, there.has(row.oid))
      return problem === undefined
        ? []
        : [{ object: objectOf({ schema: schemaOf(set, row), name: row.partition }), ...problem }]
    })
  },
})

/** Where it was when the ledger last knew. */
function schemaOf({ partsSchema, detachedSchema }: PartitionSet, { state }: LedgerRow): string {
  return state === 'attached' || state === 'retiring' ? partsSchema : detachedSchema
}

function problemOf(
  row: LedgerRow,
  exists: boolean,
): { readonly message: string; readonly fix: string } | undefined {
  const hasReceipt = row.archiveUri !== undefined && row.sha256 !== undefined && row.rows !== undefined
  if (row.state === 'dropped') {
    if (hasReceipt) return undefined
    return {
      message: 'It was dropped, and the ledger holds no receipt of an archive.',
      fix: 'Restore its rows from a backup of the server. Then find out who dropped it: the guard in the database refuses that without a receipt.',
    }
  }
  if (row.state === 'archived' && !hasReceipt) {
    return {
      message:
        'The ledger says that it is archived, but holds no receipt: where, how many rows, and their sha256.',
      fix: "Have it archived again: set its state back to 'detached' and run `leasehold partitions apply`.",
    }
  }
  if (exists || row.state === 'staged') return undefined
  return hasReceipt
    ? {
        message: 'It is gone, and was not dropped by the job. Its rows are in the archive.',
        fix: '`leasehold partitions verify` proves the archive. Find out who dropped it.',
      }
    : {
        message: `It is gone, and was not dropped by the job, while the ledger says \`${row.state}\`: its rows are in no archive.`,
        fix: 'Restore it from a backup of the server, and find out who dropped it.',
      }
}

import type { Leaf, LooseTable, TableState } from '../../catalog/partition-catalog.ts'
import { describeSpan } from '../describe-span.ts'
import { type Found, type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf } from '../relation-name.ts'
import type { Span } from '../spans.ts'

/** PostgreSQL lets no two partitions overlap. A table that waits to be attached may overlap one that was attached meanwhile, and never can be. */
export const partitionOverlap: PartitionRule = tableRule({
  id: 'partition-overlap',
  invariant: 'I1',
  title: 'A table that waits to be attached overlaps a partition',
  severity: 'error',
  find: (table) => staged(table).flatMap(({ loose, span }) => overlaps(loose, span, table.leaves)),
})

/** What is made and not attached yet, with the bounds that it was made for. */
function staged({
  loose,
  ledger,
}: TableState): readonly { readonly loose: LooseTable; readonly span: Span }[] {
  return ledger.flatMap((row) => {
    const table = row.state === 'staged' ? loose.find(({ oid }) => oid === row.oid) : undefined
    return table ? [{ loose: table, span: row }] : []
  })
}

function overlaps(table: LooseTable, span: Span, leaves: readonly Leaf[]): readonly Found[] {
  return leaves
    .filter(
      (leaf) => !leaf.isDefault && isBefore(leaf.lowUs, span.highUs) && isBefore(span.lowUs, leaf.highUs),
    )
    .map((leaf) => ({
      object: objectOf(table),
      message: `It was made for ${describeSpan(span.lowUs, span.highUs)}, but ${objectOf(leaf)} holds ${describeSpan(leaf.lowUs, leaf.highUs)}: it cannot be attached.`,
      fix: `If it is empty, drop it and set its row in the ledger to 'dropped'. Else move its rows through the parent first.`,
    }))
}

/** Of a lower bound and an upper one; open on its side, each is beyond all others. */
function isBefore(low: bigint | undefined, high: bigint | undefined): boolean {
  return low === undefined || high === undefined || low < high
}

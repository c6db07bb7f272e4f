import type { Leaf, LooseTable, TableState } from '../../partitioning/catalog/partition-catalog.ts'
import { describeSpan } from '../../partitioning/check/describe-span.ts'
import { inOrder } from '../../partitioning/check/spans.ts'
import type { PartitionSet } from '../../partitioning/definition/partition-options.ts'
import type { LedgerRow } from '../../partitioning/ledger/ledger-row.ts'
import { printable } from '../../rls/report/printable.ts'

/** One partition as it stands. */
export interface ShownPartition {
  readonly partition: string
  readonly state: 'attached' | 'default' | 'detach-pending' | LedgerRow['state'] | 'unrecorded'
  /** In UTC. */
  readonly span: string | undefined
  readonly hold: string | undefined
  /** When it may be dropped. */
  readonly dropAfter: string | undefined
  readonly archive: string | undefined
}

/** The partitions of a table, the oldest first, then those that are attached to nothing. */
export function partitionsOf({ leaves, loose, ledger }: TableState): readonly ShownPartition[] {
  const noted = (oid: number) => ledger.find((row) => row.oid === oid)
  return [
    ...inOrder(leaves).map((leaf) => shown(leaf.name, attachedState(leaf), leaf, noted(leaf.oid))),
    ...loose.map((table: LooseTable) => {
      const row = noted(table.oid)
      return shown(table.name, row?.state ?? 'unrecorded', row, row)
    }),
  ]
}

function attachedState({ isDefault, detachPending }: Leaf): ShownPartition['state'] {
  if (isDefault) return 'default'
  return detachPending ? 'detach-pending' : 'attached'
}

function shown(
  partition: string,
  state: ShownPartition['state'],
  span: Pick<LedgerRow, 'lowUs' | 'highUs'> | undefined,
  row: LedgerRow | undefined,
): ShownPartition {
  return {
    partition,
    state,
    span: span && state !== 'default' ? describeSpan(span.lowUs, span.highUs) : undefined,
    hold: row?.hold,
    dropAfter:
      row?.dropAfterUs === undefined ? undefined : new Date(Number(row.dropAfterUs / 1000n)).toISOString(),
    archive: row?.archiveUri,
  }
}

/** The same for people, one in a line. */
export function describeTable(set: PartitionSet, table: TableState): string {
  const lines = partitionsOf(table).map(({ partition, state, span, hold, dropAfter, archive }) =>
    [
      `  ${partition}  ${state}`,
      ...(span ? [span] : []),
      ...(hold === undefined ? [] : [`held: ${hold}`]),
      ...(dropAfter === undefined ? [] : [`may be dropped after ${dropAfter}`]),
      ...(archive === undefined ? [] : [`archive ${archive}`]),
    ].join(', '),
  )
  const heading = `${set.schema}.${table.definition.name}: ${lines.length === 0 ? 'no partitions' : `${lines.length} partitions`}`
  return [heading, ...lines].map(printable).join('\n')
}

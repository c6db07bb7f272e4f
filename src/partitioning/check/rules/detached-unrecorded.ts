import type { LedgerRow } from '../../ledger/ledger-row.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf } from '../relation-name.ts'

/**
 * A table that is attached to nothing, and that the ledger does not know to be so: it was detached by hand, restored by another tool, or the
 * job was stopped between a detach and its note. Nobody would archive it, or know that it may be dropped.
 */
export const detachedUnrecorded: PartitionRule = tableRule({
  id: 'detached-unrecorded',
  invariant: 'I8',
  title: 'A detached table is not in the ledger as one',
  severity: 'warning',
  find: ({ loose, ledger }) =>
    loose.flatMap((table) => {
      const state = ledger.find(({ oid }) => oid === table.oid)?.state
      if (state !== undefined && KNOWN_TO_BE_LOOSE.includes(state)) return []
      const noted = state === undefined ? 'does not know it' : `has it as \`${state}\``
      return [
        {
          object: objectOf(table),
          message: `It is attached to nothing, and the ledger ${noted}: its rows are not seen, and it is neither archived nor dropped.`,
          fix: '`leasehold partitions apply` puts it away, and it is dropped once it was archived. To have its rows back: `leasehold partitions restore`.',
        },
      ]
    }),
})

const KNOWN_TO_BE_LOOSE: readonly LedgerRow['state'][] = ['staged', 'detached', 'archived']

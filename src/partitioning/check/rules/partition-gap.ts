import { describeSpan } from '../describe-span.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf, parentOf } from '../relation-name.ts'
import { holesBetween, takingRows } from '../spans.ts'

/** Rows of a month that no partition is for are refused (23514). Bounds are compared as instants, whatever wrote them. */
export const partitionGap: PartitionRule = tableRule({
  id: 'partition-gap',
  invariant: 'I1',
  title: 'There is a hole between two partitions',
  severity: 'error',
  find: ({ leaves, definition }, { set, catalog }) =>
    holesBetween(takingRows(leaves)).map(({ lowUs, highUs }) => ({
      object: objectOf(parentOf(set, definition)),
      severity: highUs > catalog.nowUs ? 'error' : 'warning',
      message: `No partition is there for ${describeSpan(lowUs, highUs)}: rows of that time are refused.`,
      fix: '`leasehold partitions apply` makes the months that are missing. A hole of less than a month was left by bounds that are not UTC: attach a partition for it by hand.',
    })),
})

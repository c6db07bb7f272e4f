import { describeInstant } from '../describe-span.ts'
import { monthsAhead } from '../months-ahead.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf, parentOf } from '../relation-name.ts'
import { coveredUntil, takingRows } from '../spans.ts'

/** Counted from the clock: a table into which nobody writes needs its months as well. */
export const monthsAheadMissing: PartitionRule = tableRule({
  id: 'months-ahead-missing',
  invariant: 'I2',
  title: 'Fewer months exist ahead than are to be made',
  severity: 'warning',
  find: ({ leaves, parent, definition }, { set, catalog }) => {
    if (parent?.kind !== 'p') return []
    const untilUs = coveredUntil(takingRows(leaves), catalog.nowUs)
    const ahead = monthsAhead(untilUs, catalog.nowUs)
    if (ahead >= definition.premake) return []
    return [
      {
        object: objectOf(parentOf(set, definition)),
        // The job makes one a month: when the last but one is gone, it has failed for weeks.
        severity: ahead < 1 ? 'error' : 'warning',
        message:
          ahead < 0
            ? 'No partition is there for the month of the clock: rows are refused now.'
            : `Months that exist ahead: ${ahead} of ${definition.premake}. Rows are refused from ${describeInstant(untilUs)} on.`,
        fix: 'Run `leasehold partitions apply`, and see that something starts it.',
      },
    ]
  },
})

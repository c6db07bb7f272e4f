import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { identOf, objectOf, parentOf } from '../relation-name.ts'

/** What an interrupted DETACH CONCURRENTLY leaves: nobody sees the rows through the parent, and no other partition can be detached. */
export const detachPending: PartitionRule = tableRule({
  id: 'detach-pending',
  invariant: 'I5',
  title: 'A detach was begun and not ended',
  severity: 'error',
  find: ({ leaves, definition }, { set }) =>
    leaves
      .filter((leaf) => leaf.detachPending)
      .map((leaf) => ({
        object: objectOf(leaf),
        message:
          'Its detach was interrupted. Its rows are not seen through the parent, rows of its month are refused, and no other partition can be detached.',
        fix: 'Run `leasehold partitions apply`, which ends it first of all. Outside of a run it takes one statement.',
        sql: `alter table ${identOf(parentOf(set, definition))} detach partition ${identOf(leaf)} finalize;`,
      })),
})

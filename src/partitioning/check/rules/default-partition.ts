import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf } from '../relation-name.ts'

/**
 * With a DEFAULT partition, DETACH CONCURRENTLY is refused (55000) and ATTACH takes ACCESS EXCLUSIVE on it, behind which readers queue that
 * do not prune.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html
 */
export const defaultPartition: PartitionRule = tableRule({
  id: 'default-partition',
  invariant: 'I4',
  title: 'There is a DEFAULT partition',
  severity: 'error',
  find: ({ leaves, definition }) =>
    leaves
      .filter(({ isDefault }) => isDefault)
      .map((leaf) => ({
        object: objectOf(leaf),
        message:
          'It is a DEFAULT partition: no month can be retired beside it, and a month that it has rows of can never be attached.',
        fix: `\`leasehold partitions adopt ${definition.name}\` makes its rows months of their own and removes it, beside readers and writers.`,
      })),
})

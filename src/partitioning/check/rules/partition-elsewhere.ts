import { quoteName } from '../../../rls/sql/quote.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { identOf, objectOf } from '../relation-name.ts'

/** Outside of the schema of partitions, a grant is all that it takes to name one. */
export const partitionElsewhere: PartitionRule = tableRule({
  id: 'partition-elsewhere',
  invariant: 'I3',
  title: 'A partition lies outside of the schema of partitions',
  severity: 'info',
  find: ({ leaves }, { set }) =>
    leaves
      .filter(({ schema }) => schema !== set.partsSchema)
      .map((leaf) => ({
        object: objectOf(leaf),
        message: `It lies outside of ${quoteName(set.partsSchema)}, which the application cannot use: one grant would open it.`,
        fix: 'Move it, with a lock_timeout: it locks the partition for a moment.',
        sql: `alter table ${identOf(leaf)} set schema ${quoteName(set.partsSchema)};`,
      })),
})

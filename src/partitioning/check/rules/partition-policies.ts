import { dropPolicies } from '../harden-statements.ts'
import { mendedBy, ownRelations } from '../own-relations.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf } from '../relation-name.ts'

/** A policy of a partition holds only for who names the partition, which nobody has to: it can but open it. */
export const partitionPolicies: PartitionRule = tableRule({
  id: 'partition-policies',
  invariant: 'I3',
  title: 'A partition has policies of its own',
  severity: 'error',
  find: (table, { set }) =>
    ownRelations(table)
      .filter(({ policies }) => policies > 0)
      .map((partition) => ({
        object: objectOf(partition),
        message: `It has ${partition.policies} policies of its own. They say nothing of statements on its parent, and show rows to who names it.`,
        fix: mendedBy(set, partition, 'drops them'),
        sql: dropPolicies(partition).join('\n'),
      })),
})

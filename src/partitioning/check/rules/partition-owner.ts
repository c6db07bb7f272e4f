import { quoteName } from '../../../rls/sql/quote.ts'
import { mendedBy, ownRelations } from '../own-relations.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { identOf, objectOf, roleName } from '../relation-name.ts'

/** The owner of a partition can turn its row security off, drop it, and grant it to others. */
export const partitionOwner: PartitionRule = tableRule({
  id: 'partition-owner',
  invariant: 'I6',
  title: 'A partition belongs to another role than its parent',
  severity: 'error',
  find: (table, { set }) => {
    const owner = table.parent?.owner
    if (owner === undefined) return []
    return ownRelations(table)
      .filter((partition) => partition.owner !== owner)
      .map((partition) => ({
        object: objectOf(partition),
        message: `It belongs to ${roleName(partition.owner)}, its parent to ${roleName(owner)}. An owner can turn row security off and read the rows of all tenants.`,
        fix: mendedBy(set, partition, 'changes it, as a member of both roles'),
        sql: `alter table ${identOf(partition)} owner to ${quoteName(owner)};`,
      }))
  },
})

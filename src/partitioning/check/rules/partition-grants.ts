import { revokeStatements } from '../harden-statements.ts'
import { mendedBy, ownRelations } from '../own-relations.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf, roleName } from '../relation-name.ts'

/** What row security does not hold goes by grants: TRUNCATE, REFERENCES, and all that roles with BYPASSRLS do. */
export const partitionGrants: PartitionRule = tableRule({
  id: 'partition-grants',
  invariant: 'I3',
  title: 'A partition is granted to somebody',
  severity: 'error',
  find: (table, { set }) =>
    ownRelations(table)
      .filter(({ grantees }) => grantees.length > 0)
      .map((partition) => ({
        object: objectOf(partition),
        message: `It is granted to ${partition.grantees.map(roleName).join(', ')}. Through its parent it is reached without any grant of its own.`,
        fix: `${mendedBy(set, partition, 'takes all of it back')} If it comes again, look for default privileges and for GRANT ... ON ALL TABLES.`,
        sql: revokeStatements(partition).join('\n'),
      })),
})

import { rowSecurityStatements } from '../harden-statements.ts'
import { mendedBy, ownRelations } from '../own-relations.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf, parentOf } from '../relation-name.ts'

/**
 * No form of CREATE, LIKE or ATTACH takes row security over from the parent, and the parent's policies do not hold for a statement that names
 * the partition.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export const partitionRowSecurity: PartitionRule = tableRule({
  id: 'partition-row-security',
  invariant: 'I3',
  title: 'A partition has row security off, or not forced',
  severity: 'error',
  find: (table, { set }) =>
    ownRelations(table)
      .filter(({ rowSecurity, forceRowSecurity }) => !rowSecurity || !forceRowSecurity)
      .map((partition) => ({
        object: objectOf(partition),
        message: `${
          partition.rowSecurity
            ? 'Its row security is not forced: who owns it'
            : 'Its row security is off: whoever is granted it, or owns it,'
        } reads rows of all tenants of ${objectOf(parentOf(set, table.definition))} by its own name.`,
        fix: `${mendedBy(set, partition, 'turns it on and forces it')} Without policies it shows nothing; through the parent it is reached all the same.`,
        sql: rowSecurityStatements(partition).join('\n'),
      })),
})

import { quoteName } from '../../../rls/sql/quote.ts'
import type { DefaultPrivilege, TableState } from '../../catalog/partition-catalog.ts'
import { ownRelations } from '../own-relations.ts'
import type { PartitionRule } from '../partition-rule.ts'
import { roleIdent, roleName } from '../relation-name.ts'

/**
 * What is granted by default is granted to each partition to come, past the policies of its parent, in the moment in which it is made.
 *
 * A default for all schemas counts where it is for tables of an owner of partitions; one for the schema of partitions counts for any.
 *
 * @see https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
 */
export const defaultPrivileges: PartitionRule = {
  id: 'default-privileges',
  invariant: 'I9',
  title: 'Partitions to come are granted to somebody by default',
  severity: 'error',
  find: ({ catalog }) => {
    const makers = new Set(catalog.tables.flatMap(ownersOf))
    return catalog.defaultPrivileges
      .filter(({ schema, maker }) => schema !== undefined || makers.has(maker))
      .map((given) => ({
        object: given.schema ?? given.maker,
        message: `Each table that ${quoteName(given.maker)} makes${placeOf(given)} is granted ${given.privileges.join(', ')} to ${roleName(given.grantee)} by default, so each partition to come too.`,
        fix: 'Take the default back, and grant tables one by one.',
        sql: `alter default privileges for role ${quoteName(given.maker)}${placeOf(given)} revoke all on tables from ${roleIdent(given.grantee)};`,
      }))
  },
}

function ownersOf(table: TableState): readonly string[] {
  return [...(table.parent ? [table.parent.owner] : []), ...ownRelations(table).map(({ owner }) => owner)]
}

function placeOf({ schema }: DefaultPrivilege): string {
  return schema === undefined ? '' : ` in schema ${quoteName(schema)}`
}

import { quoteName } from '../../../rls/sql/quote.ts'
import type { PartitionRule } from '../partition-rule.ts'
import { roleIdent, roleName } from '../relation-name.ts'

/** Without USAGE of its schema nobody reaches a partition by name, whatever else is granted; through the parent it is reached all the same. */
export const schemaReachable: PartitionRule = {
  id: 'schema-reachable',
  invariant: 'I9',
  title: 'The schema of partitions can be used by others',
  severity: 'error',
  find: ({ set, catalog }) =>
    catalog.schemas
      .filter(({ grantees, appUsage }) => grantees.length > 0 || appUsage === true)
      .map(({ name, grantees, owner }) => ({
        object: name,
        message:
          grantees.length > 0
            ? `It is granted to ${grantees.map(roleName).join(', ')}, who can name the partitions in it.`
            : `The application's role ${quoteName(set.appRole)} can use it, as it belongs to ${quoteName(owner)}, or is a member of that role.`,
        fix:
          grantees.length > 0
            ? 'Take it back. `leasehold partitions apply` does so too.'
            : `Let ${quoteName(set.appRole)} be a member of no other role.`,
        ...(grantees.length > 0
          ? {
              sql: grantees
                .map((role) => `revoke all on schema ${quoteName(name)} from ${roleIdent(role)} cascade;`)
                .join('\n'),
            }
          : {}),
      })),
}

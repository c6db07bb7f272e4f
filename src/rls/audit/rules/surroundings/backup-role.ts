import { quoteName, quoteText } from '../../../sql/quote.ts'
import type { AuditRule } from '../../audit-rule.ts'

interface Row {
  readonly name: string
  readonly known: boolean
  /** A table of which it would not see all rows. */
  readonly hidden: string | null
}

/**
 * pg_dump turns row_security off, so that it fails on a table whose policies apply to its role; with
 * `--enable-row-security` it writes what the role sees and says nothing. BYPASSRLS is not inherited: a member needs
 * `pg_dump --role`.
 *
 * @see https://www.postgresql.org/docs/current/app-pgdump.html
 */
export const backupRole: AuditRule = {
  id: 'backup-role',
  title: 'A role that makes backups does not see every row',
  severity: 'warning',
  find: async (subject) => {
    const { backupRoles } = subject.options
    if (backupRoles.length === 0) return []
    const rows = await subject.rows<Row>(backupQuery(backupRoles))
    return rows.map(({ name, known, hidden }) =>
      known
        ? {
            object: name,
            message:
              `Policies apply to the backup role ${quoteName(name)}, for one on ${hidden}: pg_dump fails, ` +
              'or with --enable-row-security writes a backup without the rows of most tenants and reports success.',
            fix: `As a superuser, ALTER ROLE ${quoteName(name)} BYPASSRLS, and let nothing but backups log in as it. If it makes them with pg_dump --role, name that role instead.`,
          }
        : {
            object: name,
            message: `There is no role ${quoteName(name)}, which is said to make the backups.`,
            fix: 'Correct `backupRoles` in the configuration: a backup that nobody looks at is found missing when it is needed.',
          },
    )
  },
}

/**
 * Rows lie in tables and partitions, which pg_dump reads one by one: policies of a partitioned table do not count.
 */
function backupQuery(roles: readonly string[]): string {
  return `, given_role as (
  select distinct value as name
  from pg_catalog.jsonb_array_elements_text(${quoteText(JSON.stringify(roles))}::pg_catalog.jsonb)
)
select given_role.name, role.oid is not null as known, subject.hidden
from given_role
left join pg_catalog.pg_roles as role on role.rolname = given_role.name
left join lateral (
  select pg_catalog.min(space.nspname || '.' || class.relname) as hidden
  from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
  where class.relkind = 'r' and class.relrowsecurity and not role.rolsuper and not role.rolbypassrls
    and (class.relforcerowsecurity or not pg_catalog.pg_has_role(role.oid, class.relowner, 'USAGE'))
) as subject on true
where role.oid is null or subject.hidden is not null
order by given_role.name`
}

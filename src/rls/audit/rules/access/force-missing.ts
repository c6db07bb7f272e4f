import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'
import { isApp } from './reaches.ts'

interface Row {
  readonly object: string
  readonly ident: string
  readonly owner: string
  readonly app: string
  readonly owned: boolean
}

/**
 * Policies do not hold for a table's owner, nor for who has the owner's rights, until row security is forced.
 *
 * Where the owner is not the application it is one mistake away: a view, a SECURITY DEFINER function or a trigger of the owner's. Of
 * partitions that only the owner reaches `partition-exposed` speaks once for all.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export const forceMissing: AuditRule = catalogRule<Row>({
  id: 'force-missing',
  title: 'Policies do not hold for the owner of a table',
  severity: 'error',
  query: `select tab.object, tab.ident, owner.rolname as owner, (select app_role from given) as app, ${isApp('tab.owner')} as owned
from relation as tab
join pg_catalog.pg_roles as owner on owner.oid = tab.owner
where tab.kind in ('r', 'p') and tab.row_security and not tab.forced and not tab.shared
  and (${isApp('tab.owner')} or not exists (select from pg_catalog.pg_inherits where inhrelid = tab.oid))
order by tab.object`,
  report: ({ object, ident, owner, app, owned }) => ({
    object,
    severity: owned ? 'error' : 'warning',
    message: owned
      ? `${owner === app ? quoteName(app) : `${quoteName(app)} is a member of ${quoteName(owner)}, which`} owns the table, and row security is not forced: ` +
        'PostgreSQL applies no policy to the owner, who sees the rows of all tenants.'
      : `Row security is not forced, so that its policies do not hold for the owner ${quoteName(owner)}, nor for views, SECURITY DEFINER functions and triggers that run as it.`,
    fix: owned
      ? 'Force row security, and give the table to a role that nobody logs in as.'
      : 'Force row security. What the owner must do across tenants belongs to a role of its own with BYPASSRLS.',
    sql: `alter table ${ident} force row level security;`,
  }),
})

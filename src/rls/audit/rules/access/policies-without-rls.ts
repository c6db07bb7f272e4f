import { type AuditRule, catalogRule } from '../../audit-rule.ts'
import { reaches } from './reaches.ts'

interface Row {
  readonly object: string
  readonly ident: string
  readonly policies: readonly string[]
  readonly open: boolean
}

/**
 * CREATE POLICY succeeds where row security is off, and does nothing until it is turned on.
 *
 * @see https://www.postgresql.org/docs/current/sql-createpolicy.html
 */
export const policiesWithoutRls: AuditRule = catalogRule<Row>({
  id: 'policies-without-rls',
  title: 'A table has policies, but row security is turned off',
  severity: 'error',
  query: `, idle as (
  select pol.polrelid as oid, pg_catalog.array_agg(pol.polname::text order by pol.polname) as policies
  from pg_catalog.pg_policy as pol group by pol.polrelid
)
select relation.object, relation.ident, idle.policies, not relation.shared and (
    relation.tenant is not null and not exists (select from pg_catalog.pg_inherits where inhrelid = relation.oid)
    or ${reaches('relation')}
  ) as open
from idle join relation using (oid)
where not relation.row_security
order by relation.object`,
  report: ({ object, ident, policies, open }) => ({
    object,
    severity: open ? 'error' : 'warning',
    message: `Row security is off, so that PostgreSQL ignores the table's policies (${policies.join(', ')})${open ? ' and shows every row' : ''}.`,
    fix: 'Turn row security on. Look for the migration that turned it off, or the tool that made the table anew without it.',
    sql: `alter table ${ident} enable row level security;\nalter table ${ident} force row level security;`,
  }),
})

import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'
import { mayRead, reaches } from './reaches.ts'
import { VIEW_GRAPH } from './view-graph.ts'

interface Row {
  readonly object: string
  readonly readable: boolean
  readonly app: string
  /** The table, where a view is what shows it. */
  readonly behind: string | null
}

/**
 * A table without the tenant column looks the same to all tenants. Row security, and policies even where it is off,
 * stand for a declaration: somebody has thought about who sees what, and other rules judge that. A partition goes with its parent where that
 * is declared or is found itself.
 */
export const undeclaredSharedTable: AuditRule = catalogRule<Row>({
  id: 'undeclared-shared-table',
  title: 'A table without tenants is open to all, and nobody has said that it may be',
  severity: 'error',
  query: `, ${VIEW_GRAPH}, undeclared as (
  select * from relation
  where kind in ('r', 'p') and tenant is null and not shared and not row_security
    and not exists (select from pg_catalog.pg_policy where polrelid = relation.oid)
    and not exists (
      select from pg_catalog.pg_inherits as link join relation as parent on parent.oid = link.inhparent
      where link.inhrelid = relation.oid
        and (parent.shared or parent.row_security or parent.tenant is not null or ${reaches('parent')})
    )
), direct as (
  select undeclared.*, ${mayRead('undeclared')} as readable from undeclared where ${reaches('undeclared')}
), behind as materialized (
  select undeclared.object, view_reads.view_oid, ${mayRead('undeclared')} as readable
  from undeclared join view_reads using (oid)
  where not undeclared.oid in (select direct.oid from direct) and view_reads.view_oid in (select shown_view.oid from shown_view)
)
select object, readable, null as behind, (select app_role from given) as app from direct
union all
select view.object, true, pg_catalog.min(behind.object), (select app_role from given)
from behind join relation as view on view.oid = behind.view_oid
where view.kind = 'm' or view.oid in (select definer_view.oid from definer_view) or behind.readable
group by view.object
order by object`,
  report: ({ object, readable, app, behind }) =>
    behind === null
      ? {
          object,
          severity: readable ? 'error' : 'warning',
          message: readable
            ? `The table has no tenant column and no row security, so that ${quoteName(app)} sees the same rows whatever the tenant is.`
            : `The table has no tenant column and no row security. ${quoteName(app)} writes to it and cannot read it, so that all tenants' rows lie in it unmarked.`,
          fix: 'If its rows belong to no tenant, name it in `shared` of the configuration. Else give it the tenant column and policies (`leasehold rls generate`), or revoke what the application does not need.',
        }
      : {
          object,
          message: `The view shows rows of ${behind}, a table that has no tenant column and no row security, to every tenant.`,
          fix: 'If what it shows belongs to no tenant, name the view in `shared` of the configuration. Else give the table the tenant column and policies, or revoke the view.',
        },
})

import type { Severity } from '../../../finding.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'
import { mayRead } from './reaches.ts'
import { ESCAPE, type EscapeRow } from './run-as.ts'
import { filtersByTenant, VIEW_GRAPH } from './view-graph.ts'
import { whyEscaped } from './why-escaped.ts'

interface Row extends EscapeRow {
  readonly object: string
  readonly ident: string
  /** The view that the application names to see it, where that is another. */
  readonly through: string | null
  /** Whether a condition of the view compares with the tenant setting. */
  readonly filtered: boolean
  /** Whether rows can be written through it that its condition does not allow. */
  readonly writable: boolean
  /** Whether the application may read what the view reads. */
  readonly granted: boolean
}

/**
 * A view without security_invoker reads its tables as its owner, and policies are checked for the owner. That is a leak where
 * they do not hold for it; where they do, and depend on the setting alone, the view is right (ran on 15 and 18).
 *
 * A condition of the view's own keeps tenants apart in what it returns. Functions in the query around it see the rows before it does,
 * unless it is a security_barrier; and without CHECK OPTION rows of other tenants can be written through it (ran).
 *
 * @see https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-SECURITY
 */
export const viewWithoutInvoker: AuditRule = catalogRule<Row>({
  id: 'view-without-invoker',
  title: 'A view reads tables of tenants with the rights of its owner',
  severity: 'error',
  query: `, ${VIEW_GRAPH}, opened as (
  select view.oid, view.object, view.ident, view.options, view.owner as runner, shown.through, coalesce((
    select pg_catalog.array_agg(command order by command)
    from (values ('a', 'INSERT'), ('w', 'UPDATE')) as change (command, privilege)
    where exists (select from app_role where pg_catalog.has_any_column_privilege(app_role.oid, view.oid, change.privilege))
  ), '{}') || 'r'::text as commands
  from (
    select shown_view.oid, case when pg_catalog.bool_and(shown_view.oid <> root.oid) then pg_catalog.min(root.object) end as through
    from shown_view join relation as root on root.oid = shown_view.root group by shown_view.oid
  ) as shown
  join definer_view using (oid)
  join relation as view using (oid)
), run_as as (
  select distinct opened.runner, view_reads.oid, opened.commands from opened
  join view_reads on view_reads.view_oid = opened.oid join tenant_table on tenant_table.oid = view_reads.oid
), ${ESCAPE}
select found.object, found.ident, found.through, found.cause, found.policy, found.runner_name as runner, found."table",
  ${filtersByTenant('found.oid')} as filtered,
  found.commands && '{a,w}' and pg_catalog.pg_relation_is_updatable(found.oid, false) & 12 <> 0 and not exists (
    select from pg_catalog.pg_options_to_table(found.options) where option_name = 'check_option'
  ) as writable,
  not exists (
    select from view_reads join relation as source using (oid) where view_reads.view_oid = found.oid and not ${mayRead('source')}
  ) as granted
from (
  select distinct on (opened.object) opened.*, escape.cause, escape.policy, tenant_table.object as "table", role.rolname as runner_name
  from opened
  join view_reads on view_reads.view_oid = opened.oid
  join escape on escape.runner = opened.runner and escape.oid = view_reads.oid and escape.commands = opened.commands
  join tenant_table on tenant_table.oid = escape.oid
  join pg_catalog.pg_roles as role on role.oid = opened.runner
  order by opened.object, escape.rank, tenant_table.object
) as found
order by found.object`,
  report: (row) => ({
    object: row.object,
    severity: severityOf(row),
    message: messageOf(row),
    fix:
      `Have it check whoever asks: ALTER VIEW ... SET (security_invoker = true)` +
      (row.granted
        ? '.'
        : ', and grant the application what it reads. If it is meant to show every tenant, name it in `shared`.'),
    sql: row.granted ? `alter view ${row.ident} set (security_invoker = true);` : undefined,
  }),
})

function severityOf({ cause, filtered, writable }: Row): Severity {
  return cause === 'blind' || (filtered && !writable) ? 'warning' : 'error'
}

function messageOf(row: Row): string {
  const reads = `The view${row.through === null ? '' : `, which ${row.through} shows,`} reads ${row.table} as its owner`
  if (row.cause === 'blind')
    return `${reads}, and ${whyEscaped(row)}: it shows no rows, and those of all tenants once somebody makes its owner see some.`
  const leak = `${reads}, and ${whyEscaped(row)}`
  if (!row.filtered) return `${leak}: it shows the rows of all tenants.`
  return row.writable
    ? `${leak}. A condition of its own hides other tenants' rows, but without CHECK OPTION rows can be written for them.`
    : `${leak}. Only a condition of its own hides other tenants' rows: one more mistake, or a function in a query around it, and they are seen.`
}

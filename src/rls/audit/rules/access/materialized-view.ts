import type { Severity } from '../../../finding.ts'
import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'
import { ESCAPE, type EscapeRow } from './run-as.ts'
import { filtersByTenant, VIEW_GRAPH } from './view-graph.ts'

interface Row extends Omit<EscapeRow, 'cause' | 'table'> {
  readonly object: string
  /** Why it holds the rows of several tenants, or NULL where policies held when it was filled. */
  readonly cause: EscapeRow['cause'] | null
  /** A table of tenants that it is made of, or NULL where none is and only its tenant column tells. */
  readonly table: string | null
  /** The view that shows it, or NULL where the application reads it itself. */
  readonly through: string | null
  /** Whether that view has a condition on the tenant setting, and is a security_barrier. */
  readonly filtered: boolean
  readonly barrier: boolean
}

/**
 * A materialized view has no policies and can have none: it shows to all what its owner saw when it was filled. Only a view before it
 * can keep tenants apart, by a condition, and only as a security_barrier it keeps functions of the caller's from seeing the rest (ran).
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html
 */
export const materializedView: AuditRule = catalogRule<Row>({
  id: 'materialized-view',
  title: 'A materialized view keeps rows of tenants where no policy reaches',
  severity: 'error',
  query: `, ${VIEW_GRAPH}, content(view_oid, oid, runner) as (
  select relation.oid, view_reads.oid, relation.owner from relation join view_reads on view_reads.view_oid = relation.oid
  where relation.kind = 'm'
  union
  select content.view_oid, view_reads.oid, case when inner_view.kind = 'm' or definer_view.oid is not null
    then inner_view.owner else content.runner end
  from content
  join relation as inner_view on inner_view.oid = content.oid and inner_view.kind in ('v', 'm')
  join view_reads on view_reads.view_oid = inner_view.oid
  left join definer_view on definer_view.oid = inner_view.oid
), run_as as (
  select distinct content.runner, content.oid, array['r'::text] as commands
  from content join tenant_table on tenant_table.oid = content.oid
), ${ESCAPE}, made as (
  select distinct on (content.view_oid) content.view_oid as oid, tenant_table.object as "table", role.rolname as runner, escape.cause, escape.policy
  from content
  join tenant_table on tenant_table.oid = content.oid
  join pg_catalog.pg_roles as role on role.oid = content.runner
  left join escape on escape.runner = content.runner and escape.oid = content.oid and escape.cause <> 'blind'
  order by content.view_oid, escape.rank, tenant_table.object
), way as (
  select shown_view.oid, root.object as through,
    ${filtersByTenant('root.oid')} or ${filtersByTenant('reader.oid')} as filtered,
    exists (
      select from pg_catalog.pg_options_to_table(coalesce(root.options, '{}') || coalesce(reader.options, '{}'))
      where option_name = 'security_barrier' and option_value::boolean
    ) as barrier
  from shown_view
  join relation as root on root.oid = shown_view.root
  join view_reads on view_reads.oid = shown_view.oid
  join relation as reader on reader.oid = view_reads.view_oid
  where shown_view.root <> shown_view.oid and reader.kind = 'v'
    and (reader.oid, root.oid) in (select shown.oid, shown.root from shown_view as shown)
    and shown_view.oid in (select relation.oid from relation where kind = 'm')
    and not exists (select from shown_view as direct where direct.oid = shown_view.oid and direct.root = direct.oid)
)
select distinct on (kept.object) kept.object, made."table", made.runner, made.cause, made.policy, way.through,
  coalesce(way.filtered, false) as filtered, coalesce(way.barrier, false) as barrier
from relation as kept
left join made using (oid)
left join way using (oid)
where kept.kind = 'm' and (made.oid is not null or kept.tenant is not null)
  and kept.oid in (select shown_view.oid from shown_view) and (way.filtered and way.barrier) is not true
order by kept.object, filtered, barrier, through`,
  report: (row) => ({
    object: row.object,
    severity: severityOf(row),
    message: messageOf(row),
    fix:
      'Revoke it, and show it through a view WITH (security_barrier) whose condition compares the tenant column with the setting. ' +
      'If it is meant to show every tenant, name it in `shared`.',
  }),
})

function severityOf({ cause, table, filtered }: Row): Severity {
  return filtered || (cause === null && table !== null) ? 'warning' : 'error'
}

function messageOf({ table, runner, cause, through, filtered }: Row): string {
  const what = table === null ? 'It has the tenant column' : `It is made of ${table}`
  const reader = through === null ? 'the application reads it' : `the view ${through} shows it`
  if (filtered) {
    return `${what}, and ${reader} with a condition, but without security_barrier: a function in a query around the view sees the rows of all tenants.`
  }
  return cause === null && table !== null
    ? `${what} as ${quoteName(runner)} sees it, whom policies hold: what one tenant's context has filled it with is shown to all tenants, as ${reader}.`
    : `${what}, it can have no policies, and ${reader}: the rows of all tenants are seen.`
}

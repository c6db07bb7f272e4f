import { mayRead, reaches } from './reaches.ts'

/**
 * Common table expressions for queries over the catalog view:
 *
 * - `view_reads`: `view_oid`, a view or materialized view, and `oid`, a relation that its query names.
 * - `definer_view`: `oid` of views that check privileges and policies as their owner.
 * - `shown_view`: `oid` of views and materialized views whose rows the login role can see, with the `root` that it names
 *   to see them, which may be the same.
 *
 * A view with security_invoker checks what it reads as the role that runs the query, also inside of a view without (ran on
 * 15 and 18); so each view is judged by itself. What is declared shared is meant to be seen, and so is what lies behind.
 *
 * @see https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-SECURITY
 */
export const VIEW_GRAPH: string = `view_reads as (
  select distinct rewrite.ev_class as view_oid, dep.refobjid as oid
  from pg_catalog.pg_rewrite as rewrite
  join pg_catalog.pg_depend as dep on dep.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
    and dep.objid = rewrite.oid and dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  where rewrite.ev_type = '1' and dep.refobjid <> rewrite.ev_class
    and rewrite.ev_class in (select relation.oid from relation where kind in ('v', 'm'))
), definer_view as (
  select relation.oid from relation
  where kind = 'v' and not exists (
    select from pg_catalog.pg_options_to_table(relation.options)
    where option_name = 'security_invoker' and option_value::boolean
  )
), shown_view(oid, root) as (
  select relation.oid, relation.oid from relation
  where kind in ('v', 'm') and not shared and ${reaches('relation')}
  union
  select inner_view.oid, shown_view.root
  from shown_view
  join view_reads on view_reads.view_oid = shown_view.oid
  join relation as inner_view on inner_view.oid = view_reads.oid and inner_view.kind in ('v', 'm')
  where not inner_view.shared
    and shown_view.oid in (select relation.oid from relation where kind = 'v')
    and (shown_view.oid in (select definer_view.oid from definer_view) or ${mayRead('inner_view')})
)`

/**
 * SQL: whether a view's query compares with the tenant setting in a condition. A hint only, since what the condition is
 * worth shows no catalog; `current_setting()` may also be hidden in a function that the view calls.
 *
 * @param view the OID of a view
 */
export function filtersByTenant(view: string): string {
  return `(
  pg_catalog.strpos(coalesce(pg_catalog.substring(pg_catalog.pg_get_viewdef(${view}), ' WHERE (.*)'), ''),
    (select tenant_setting from given)) > 0
  or exists (
    select from pg_catalog.pg_rewrite as rewrite
    join pg_catalog.pg_depend as dep on dep.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      and dep.objid = rewrite.oid and dep.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    join pg_catalog.pg_proc as proc on proc.oid = dep.refobjid
    where rewrite.ev_class = ${view} and proc.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace
      and pg_catalog.strpos(proc.prosrc, (select tenant_setting from given)) > 0
  )
)`
}

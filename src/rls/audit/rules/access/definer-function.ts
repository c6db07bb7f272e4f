import type { Severity } from '../../../finding.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'
import { DEFINER_FUNCTIONS } from './definer-functions.ts'
import { ESCAPE, type EscapeRow } from './run-as.ts'
import { VIEW_GRAPH } from './view-graph.ts'
import { whyEscaped } from './why-escaped.ts'

interface Row extends EscapeRow {
  readonly object: string
  /** A relation with rows of tenants that the body names, or NULL where it names none. */
  readonly named: string | null
  /** Whether the body may reach what it does not name: it makes up statements, or is in a language that hides them. */
  readonly opaque: boolean
  /** Whether the body reads the tenant setting, and does not set it. */
  readonly filtered: boolean
}

/**
 * A SECURITY DEFINER function runs as its owner, and policies are checked for the owner. Where they hold for it, it is as safe as a query of
 * the application's (ran on 15 and 18). Bodies are searched for names only; what a function called by it does is not seen.
 *
 * Trigger functions are for `trigger-exempt`.
 *
 * @see https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
 */
export const definerFunction: AuditRule = catalogRule<Row>({
  id: 'definer-function',
  title: 'The application can call a function that runs as a role past the policies',
  severity: 'error',
  query: `, ${VIEW_GRAPH}, ${DEFINER_FUNCTIONS}, walled as (
  select tenant_table.oid, tenant_table.object from tenant_table where row_security and not is_partition
), first_walled as (
  select oid from walled order by object limit 1
), run_as as (
  select runs.runner, walled.oid, array['r', 'a', 'w', 'd'] as commands
  from (
    select distinct definer.owner as runner, role.rolsuper or role.rolbypassrls as past_all
    from definer join pg_catalog.pg_roles as role on role.oid = definer.owner where definer.called
  ) as runs
  join walled on not runs.past_all or walled.oid = (select first_walled.oid from first_walled)
), ${ESCAPE}, escaped as materialized (
  select escape.*, walled.object, role.rolname as name
  from escape join walled using (oid) join pg_catalog.pg_roles as role on role.oid = escape.runner
  where escape.cause <> 'blind'
), nameable as (
  select relation.oid, relation.name, relation.object from relation
  where relation.oid in (select tenant_table.oid from tenant_table)
    or relation.oid in (select view_reads.view_oid from view_reads join tenant_table on tenant_table.oid = view_reads.oid)
), word as (
  select distinct definer.oid as function_oid, word.text
  from definer cross join lateral pg_catalog.regexp_split_to_table(definer.source, '[^A-Za-z0-9_$]+') as word (text)
  where definer.called
), naming as (
  select word.function_oid, nameable.oid, nameable.object from word join nameable on nameable.name = word.text
  union
  select word.function_oid, nameable.oid, nameable.object from word join nameable on nameable.name = pg_catalog.lower(word.text)
  union
  select definer.oid, nameable.oid, nameable.object
  from definer join nameable on nameable.name ~ '[^A-Za-z0-9_$]' and pg_catalog.strpos(definer.source, nameable.name) > 0
  union
  select dep.objid, nameable.oid, nameable.object
  from pg_catalog.pg_depend as dep join nameable on nameable.oid = dep.refobjid
  where dep.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and dep.objid in (select definer.oid from definer where bound)
)
select distinct on (definer.object) definer.object, escaped.cause, escaped.policy, escaped.name as runner, escaped.object as "table",
  naming.object as named,
  definer.language not in ('sql', 'plpgsql') or (definer.language = 'plpgsql' and definer.source ~* '\\mexecute\\M') as opaque,
  pg_catalog.strpos(body.text, given.tenant_setting) > 0 and body.text !~* '\\mset_config\\M' as filtered
from definer
join given on true
join escaped on escaped.runner = definer.owner
left join naming on naming.function_oid = definer.oid
  and (escaped.cause in ('superuser', 'bypassrls') or naming.oid = escaped.oid or naming.oid in (select view_reads.view_oid from view_reads))
cross join lateral (
  select coalesce(pg_catalog.pg_get_function_sqlbody(definer.oid), definer.source) as text
) as body
where definer.called
order by definer.object, naming.object nulls last, escaped.rank, escaped.object`,
  report: (row) => ({
    object: row.object,
    severity: severityOf(row),
    message: `The function runs as its owner, and ${whyEscaped(row)}. ${whatFollows(row)}`,
    fix:
      'Make it SECURITY INVOKER if the application has the privileges that it needs. Else give it to a role of its own for whom policies ' +
      'hold and that has only those privileges, or revoke EXECUTE from the application and from PUBLIC.',
  }),
})

function severityOf({ named, opaque, filtered }: Row): Severity {
  return (named === null && !opaque) || filtered ? 'warning' : 'error'
}

function whatFollows({ named, opaque, filtered }: Row): string {
  if (filtered) return 'Only its own use of the tenant setting keeps the rows of other tenants apart.'
  if (named !== null) return `It names ${named}: whoever calls it gets at the rows of all tenants.`
  return opaque
    ? 'What it reads and writes cannot be seen in its body: take it that whoever calls it gets at the rows of all tenants.'
    : 'Its body names no table of tenants, so that only its next change lets rows out.'
}

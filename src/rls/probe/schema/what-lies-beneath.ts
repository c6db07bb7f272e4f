import { quoteText } from '../../sql/quote.ts'
import { takesNumber } from './takes-number.ts'

/**
 * Names in the source of a trigger or a function that reach out of the transaction: to another session, another server, a file.
 * What a rollback does not undo must not be set off.
 */
export const REACHES_OUT: string = String.raw`\m(dblink\w*|http(_\w+)?|aws_lambda\.\w+|pg_background\w*|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_file_\w+|lo_export)\s*\(|\mprogram\s*'`

/**
 * SQL for an expression that is true where a function may do what no rollback undoes, by what can be told from outside. Functions in
 * C that an extension brings are taken to keep to the transaction.
 */
export function reachesOut(proc: string): string {
  return `(
    (select not lang.lanpltrusted and lang.lanname not in ('internal', 'c') or lang.lanname = 'c' and not exists (
      select from pg_depend as dep
      where dep.classid = 'pg_proc'::regclass and dep.objid = ${proc}.oid and dep.deptype = 'e'
    ) from pg_language as lang where lang.oid = ${proc}.prolang)
    or ${proc}.prosrc ~* ${quoteText(REACHES_OUT)}
  )`
}

/**
 * Common table expressions after `reachable`: `drawn`, what a view reads; `touched`, what a write to a relation can touch: partitions
 * and children, what a view or a rule stands for, and tables whose foreign keys follow.
 */
export const BENEATH: string = `, rewritten as materialized (
  select distinct rule.ev_class as above, dep.refobjid as below, rule.ev_type = '1' as reads from pg_rewrite as rule
  join pg_depend as dep on dep.classid = 'pg_rewrite'::regclass and dep.objid = rule.oid
    and dep.refclassid = 'pg_class'::regclass and dep.refobjid <> rule.ev_class
  where rule.ev_class >= 16384
), drawn(oid, source) as (
  select reachable.oid, rewritten.below from reachable join rewritten on rewritten.above = reachable.oid
  where reachable.kind in ('v', 'm') and rewritten.reads
  union
  select drawn.oid, rewritten.below from drawn join rewritten on rewritten.above = drawn.source and rewritten.reads
), edge as materialized (
  select above, below from rewritten
  union all
  select inhparent, inhrelid from pg_inherits
  union all
  select confrelid, conrelid from pg_constraint
  where contype = 'f' and (confdeltype in ('c', 'n', 'd') or confupdtype in ('c', 'n', 'd'))
), touched(oid, other) as (
  select oid, oid from reachable where kind in ('r', 'p', 'v')
  union
  select touched.oid, edge.below from touched join edge on edge.above = touched.other
), danger as materialized (
  select class.oid, 'it would reach the foreign table ' || class.relname as said from pg_class as class where class.relkind = 'f'
  union all
  select trig.tgrelid, 'the trigger ' || trig.tgname || ' may do what no rollback undoes'
  from pg_trigger as trig join pg_proc as proc on proc.oid = trig.tgfoid
  where not trig.tgisinternal and trig.tgenabled <> 'D' and ${reachesOut('proc')}
)`

/** Columns that say what lies beneath a relation. */
export function beneath(reachable: string): string {
  const sources = (condition: string) => `array(
    select relation.object from drawn join relation on relation.oid = drawn.source
    where drawn.oid = ${reachable}.oid and relation.kind in ('r', 'p', 'f') and not relation.shared and ${condition} order by 1
  )`
  return `(
    select danger.said from touched join danger on danger.oid = touched.other where touched.oid = ${reachable}.oid order by 1 limit 1
  ) as outside,
  exists (
    select from drawn join pg_attribute as att on att.attrelid = drawn.source and att.attnum > 0
    left join pg_attrdef as def on def.adrelid = att.attrelid and def.adnum = att.attnum
    where drawn.oid = ${reachable}.oid
      and (att.attidentity <> '' or ${takesNumber('def')})
      and not exists (
        select from pg_attribute as shown where shown.attrelid = ${reachable}.oid and shown.attname = att.attname
      )
  ) as counts,
  exists (
    select from pg_rewrite as rule
    join pg_depend as dep on dep.classid = 'pg_rewrite'::regclass and dep.objid = rule.oid and dep.refclassid = 'pg_proc'::regclass
    where dep.refobjid >= 16384 and rule.ev_type = '1'
      and (rule.ev_class = ${reachable}.oid or rule.ev_class in (select source from drawn where drawn.oid = ${reachable}.oid))
  ) as calls,
  ${sources('relation.tenant is not null')} as "tenantSources",
  ${sources('relation.tenant is null')} as "otherSources"`
}

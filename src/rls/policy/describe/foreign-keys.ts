import { columnNames } from './columns.ts'
import { constraintTiming } from './constraint-timing.ts'
import { jsonList } from './json-list.ts'

/** @see https://www.postgresql.org/docs/current/catalog-pg-constraint.html */
function action(letter: string): string {
  return `case ${letter} when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null'
    when 'd' then 'set default' else 'no action' end`
}

/**
 * SQL for the foreign keys of `relation` to tables, other than those that a partition has from its parent. The names come by the
 * catalogs' indexes, as `relation` has none; IS TRUE keeps the IN from becoming a join, so that it is looked up in a hash made once.
 */
export const FOREIGN_KEYS: string = jsonList(
  `json_build_object('name', con.conname, 'ident', quote_ident(con.conname),
    'columns', ${columnNames('con.conrelid', 'con.conkey')}, 'references', space.nspname || '.' || other.relname,
    'referencedColumns', ${columnNames('con.confrelid', 'con.confkey')},
    'onUpdate', ${action('con.confupdtype')}, 'onDelete', ${action('con.confdeltype')},
    'onDeleteColumns', ${columnNames('con.conrelid', 'con.confdelsetcols')},
    'matchFull', con.confmatchtype = 'f', 'temporal', pg_get_constraintdef(con.oid) ~ ', PERIOD ',
    'timing', ${constraintTiming('con')}, 'valid', con.convalidated) order by con.conname`,
  `pg_constraint as con join pg_class as other on other.oid = con.confrelid
  join pg_namespace as space on space.oid = other.relnamespace
  where con.conrelid = relation.oid and con.contype = 'f' and con.conparentid = 0
    and (con.confrelid in (select known.oid from relation as known)) is true`,
)

/** SQL for the check constraints of `relation`. */
export const CHECKS: string = jsonList(
  `json_build_object('name', con.conname, 'ident', quote_ident(con.conname), 'valid', con.convalidated,
    'condition', pg_get_expr(con.conbin, con.conrelid)) order by con.conname`,
  `pg_constraint as con where con.conrelid = relation.oid and con.contype = 'c'`,
)

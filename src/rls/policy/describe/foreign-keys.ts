import { columnNames } from './columns.ts'
import { constraintTiming } from './constraint-timing.ts'
import { jsonList } from './json-list.ts'

/** @see https://www.postgresql.org/docs/current/catalog-pg-constraint.html */
function action(letter: string): string {
  return `case ${letter} when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null'
    when 'd' then 'set default' else 'no action' end`
}

/** SQL for the foreign keys of `relation` to tables, other than those that a partition has from its parent. */
export const FOREIGN_KEYS: string = jsonList(
  `jsonb_build_object('name', con.conname, 'ident', quote_ident(con.conname),
    'columns', ${columnNames('con.conrelid', 'con.conkey')}, 'references', other.object,
    'referencedColumns', ${columnNames('con.confrelid', 'con.confkey')},
    'onUpdate', ${action('con.confupdtype')}, 'onDelete', ${action('con.confdeltype')},
    'onDeleteColumns', ${columnNames('con.conrelid', 'con.confdelsetcols')},
    'matchFull', con.confmatchtype = 'f', 'temporal', pg_get_constraintdef(con.oid) ~ ', PERIOD ',
    'timing', ${constraintTiming('con')}, 'valid', con.convalidated) order by con.conname`,
  `pg_constraint as con join relation as other on other.oid = con.confrelid
  where con.conrelid = relation.oid and con.contype = 'f' and con.conparentid = 0`,
)

/** SQL for the check constraints of `relation`. */
export const CHECKS: string = jsonList(
  `jsonb_build_object('name', con.conname, 'ident', quote_ident(con.conname), 'valid', con.convalidated,
    'condition', pg_get_expr(con.conbin, con.conrelid)) order by con.conname`,
  `pg_constraint as con where con.conrelid = relation.oid and con.contype = 'c'`,
)

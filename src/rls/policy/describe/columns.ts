import { jsonList } from './json-list.ts'

/** The type below any domains, as domains are told apart by policies and not by operators. */
const BASE_TYPE = `(
  with recursive below(oid, base) as (
    select typ.oid, typ.typbasetype from pg_type as typ where typ.oid = att.atttypid
    union all
    select typ.oid, typ.typbasetype from below join pg_type as typ on typ.oid = below.base
  )
  select format_type(below.oid, null) from below where below.base = 0)`

/** SQL for the columns of `relation`. */
export const COLUMNS: string = jsonList(
  `json_build_object('name', att.attname, 'ident', quote_ident(att.attname), 'type', format_type(att.atttypid, att.atttypmod),
    'baseType', ${BASE_TYPE}, 'domain', typ.typtype = 'd', 'notNull', att.attnotnull, 'default', pg_get_expr(def.adbin, def.adrelid),
    'generated', att.attgenerated <> '' or att.attidentity <> '') order by att.attnum`,
  `pg_attribute as att join pg_type as typ on typ.oid = att.atttypid
  left join pg_attrdef as def on def.adrelid = att.attrelid and def.adnum = att.attnum
  where att.attrelid = relation.oid and att.attnum > 0 and not att.attisdropped`,
)

/** SQL for a JSON array of the names of columns in their order, null where one is an expression. */
export function columnNames(table: string, numbers: string): string {
  return `(select coalesce(json_agg(att.attname order by listed.position), '[]')
    from unnest(${numbers}) with ordinality as listed(number, position)
    left join pg_attribute as att on att.attrelid = ${table} and att.attnum = listed.number and listed.number > 0)`
}

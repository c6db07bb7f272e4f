import { RELATION_FACTS, type RelationFact } from './relation-facts.ts'

/** Tables of a schema (`$1`) by their names (`$2`), partitioned or still plain. A type is told as `pg_type.typname` has it. */
export const PARENTS: string = `select (${RELATION_FACTS} || pg_catalog.jsonb_build_object(
  'partitionKey', (select pg_catalog.json_build_object('column', att.attname, 'type', type.typname)
    from pg_catalog.pg_partitioned_table as part
    join pg_catalog.pg_attribute as att on att.attrelid = part.partrelid and att.attnum = part.partattrs[0]
    join pg_catalog.pg_type as type on type.oid = att.atttypid
    where part.partrelid = class.oid and part.partstrat = 'r' and part.partnatts = 1),
  'primaryKey', (select coalesce(pg_catalog.json_agg(att.attname order by key.place), '[]')
    from pg_catalog.pg_index as idx
    cross join lateral pg_catalog.unnest(idx.indkey::pg_catalog.int2[]) with ordinality as key (number, place)
    join pg_catalog.pg_attribute as att on att.attrelid = idx.indrelid and att.attnum = key.number
    where idx.indrelid = class.oid and idx.indisprimary and key.place <= idx.indnkeyatts)))::text as fact
from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
where space.nspname = $1::text and class.relname = any ($2::text[]) and class.relkind in ('p', 'r')`

export interface ParentFact extends RelationFact {
  readonly kind: 'p' | 'r'
  readonly partitionKey: { readonly column: string; readonly type: string } | null
  readonly primaryKey: readonly string[]
}

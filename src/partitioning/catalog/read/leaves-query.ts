import { boundUs } from './bound-us.ts'
import { RELATION_FACTS, type RelationFact } from './relation-facts.ts'

/** All direct partitions of the partitioned tables (`$1`: oids), also such whose detach is pending. Whether one has a page is asked of DEFAULT only. */
export const LEAVES: string = `select (${RELATION_FACTS} || pg_catalog.jsonb_build_object(
  'parent', link.inhparent::pg_catalog.int8,
  'isDefault', bound.text = 'DEFAULT',
  'detachPending', link.inhdetachpending,
  'lowUs', ${boundUs('range.ends[1]', 'key.type')},
  'highUs', ${boundUs('range.ends[2]', 'key.type')},
  'isEmpty', case when bound.text = 'DEFAULT' then pg_catalog.pg_relation_size(class.oid) = 0 end,
  'missingIndexes', (select coalesce(pg_catalog.json_agg(its.relname order by its.relname), '[]')
    from pg_catalog.pg_index as whole join pg_catalog.pg_class as its on its.oid = whole.indexrelid
    where whole.indrelid = link.inhparent and not exists (
      select from pg_catalog.pg_inherits as down join pg_catalog.pg_index as part on part.indexrelid = down.inhrelid
      where down.inhparent = whole.indexrelid and part.indrelid = class.oid))))::text as fact
from pg_catalog.pg_inherits as link
join pg_catalog.pg_class as class on class.oid = link.inhrelid
join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
cross join lateral (select pg_catalog.pg_get_expr(class.relpartbound, class.oid) as text) as bound
cross join lateral (select pg_catalog.regexp_match(bound.text, '^FOR VALUES FROM \\((.*)\\) TO \\((.*)\\)$') as ends) as range
left join lateral (
  select type.typname from pg_catalog.pg_partitioned_table as part
  join pg_catalog.pg_attribute as att on att.attrelid = part.partrelid and att.attnum = part.partattrs[0]
  join pg_catalog.pg_type as type on type.oid = att.atttypid
  where part.partrelid = link.inhparent and part.partstrat = 'r' and part.partnatts = 1) as key (type) on true
where link.inhparent = any ($1::pg_catalog.oid[]) and class.relispartition
order by link.inhparent, class.oid`

export interface LeafFact extends RelationFact {
  /** The oid of the partitioned table. */
  readonly parent: number
  readonly isDefault: boolean
  readonly detachPending: boolean
  readonly lowUs: string | null
  readonly highUs: string | null
  readonly isEmpty: boolean | null
  readonly missingIndexes: readonly string[]
}

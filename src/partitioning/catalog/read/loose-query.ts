import { RELATION_FACTS, type RelationFact } from './relation-facts.ts'

/**
 * Tables of some schemas (`$1`), or of some oids (`$2`), that are attached to nothing. Whether one is empty is asked of its size, since row
 * security that is forced keeps its owner from looking; rows that were deleted count until VACUUM gives their pages back.
 */
export const LOOSE: string = `select (${RELATION_FACTS} || pg_catalog.jsonb_build_object(
  'isEmpty', pg_catalog.pg_relation_size(class.oid) = 0,
  'checks', (select coalesce(pg_catalog.json_agg(con.conname order by con.conname), '[]')
    from pg_catalog.pg_constraint as con where con.conrelid = class.oid and con.contype = 'c')))::text as fact
from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
where class.relkind in ('r', 'p') and (space.nspname = any ($1::text[]) or class.oid = any ($2::pg_catalog.oid[]))
  and not exists (select from pg_catalog.pg_inherits as link where link.inhrelid = class.oid)
order by class.oid`

export interface LooseFact extends RelationFact {
  readonly isEmpty: boolean | null
  readonly checks: readonly string[]
}

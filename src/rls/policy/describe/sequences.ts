import { grantList, grantRows } from './grants.ts'
import { jsonList } from './json-list.ts'

/**
 * The sequences that columns of `relation` own, and those that their defaults draw from. OFFSET 0 holds the order in which it is
 * looked up: before the catalogs were ever analyzed, the planner takes all defaults of the database for one, and begins with them.
 */
const SOURCES = `(
  select dep.objid as oid, false as drawn from pg_depend as dep
  where dep.classid = 'pg_class'::regclass and dep.refclassid = 'pg_class'::regclass and dep.refobjid = relation.oid
    and dep.refobjsubid > 0 and dep.deptype in ('a', 'i')
  union all
  select drawn.oid, true
  from (select def.oid from pg_attrdef as def where def.adrelid = relation.oid offset 0) as own_default
  cross join lateral (
    select dep.refobjid as oid from pg_depend as dep
    where dep.classid = 'pg_attrdef'::regclass and dep.objid = own_default.oid and dep.refclassid = 'pg_class'::regclass
    offset 0
  ) as drawn) as source`

/** SQL for the sequences of `relation`. */
export const SEQUENCES: string = jsonList(
  `json_build_object('object', seq.schema || '.' || seq.name, 'ident', seq.ident, 'drawn', seq.drawn,
    'usable', has_sequence_privilege((select oid from app_role where is_login), seq.oid, 'usage'),
    'grants', ${grantList(grantRows('seq.acl', 'seq.owner'))}) order by seq.ident`,
  `(select class.oid, space.nspname as schema, class.relname as name,
      format('%I.%I', space.nspname, class.relname) as ident, class.relacl as acl, class.relowner as owner,
      bool_or(source.drawn) as drawn
    from ${SOURCES}
    join pg_class as class on class.oid = source.oid and class.relkind = 'S'
    join pg_namespace as space on space.oid = class.relnamespace
    group by class.oid, space.nspname) as seq`,
)

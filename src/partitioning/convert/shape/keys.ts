import { jsonList } from '../../../rls/policy/describe/json-list.ts'

const COMMENT = (oid: string, catalog: string) => `obj_description(${oid}, '${catalog}')`

/** SQL of the constraints of `class`; its own NOT NULL ones, that PostgreSQL 18 lists too, come with their columns. */
export const CONSTRAINTS: string = jsonList(
  `json_build_object('name', con.conname, 'kind', con.contype, 'definition', pg_catalog.pg_get_constraintdef(con.oid),
    'columns', ${jsonList('att.attname order by place.at', 'unnest(con.conkey) with ordinality as place (num, at) join pg_attribute as att on att.attrelid = con.conrelid and att.attnum = place.num')},
    'isValid', con.convalidated, 'isDeferrable', con.condeferrable, 'noInherit', con.connoinherit,
    'references', case when con.contype = 'f' then (select json_build_object('object', space.nspname || '.' || other.relname, 'ident', format('%I.%I', space.nspname, other.relname))
      from pg_class as other join pg_namespace as space on space.oid = other.relnamespace where other.oid = con.confrelid) end,
    'comment', ${COMMENT('con.oid', 'pg_constraint')}, 'indexComment', ${COMMENT('con.conindid', 'pg_class')})
   order by con.contype desc, con.conname`,
  `pg_constraint as con where con.conrelid = class.oid and con.contype <> 't'`,
)

/** SQL of the indexes of `class` that no constraint of its own is made of. */
export const INDEXES: string = jsonList(
  `json_build_object('name', idx_class.relname, 'definition', pg_catalog.pg_get_indexdef(idx.indexrelid), 'isUnique', idx.indisunique,
    'isValid', idx.indisvalid, 'comment', ${COMMENT('idx.indexrelid', 'pg_class')},
    'columns', ${jsonList('att.attname order by place.at', 'unnest(idx.indkey::int2[]) with ordinality as place (num, at) join pg_attribute as att on att.attrelid = idx.indrelid and att.attnum = place.num where place.at <= idx.indnkeyatts')})
   order by idx_class.relname`,
  `pg_index as idx join pg_class as idx_class on idx_class.oid = idx.indexrelid
   where idx.indrelid = class.oid and not exists (
     select from pg_constraint as con where con.conindid = idx.indexrelid and con.conrelid = class.oid and con.contype in ('p', 'u', 'x'))`,
)

/** SQL of the extended statistics of `class`. Below PostgreSQL 17 the default of their target is -1. */
export const STATISTICS: string = jsonList(
  `json_build_object('name', stat.stxname, 'schema', space.nspname, 'owner', pg_catalog.pg_get_userbyid(stat.stxowner), 'definition', pg_catalog.pg_get_statisticsobjdef(stat.oid),
    'target', nullif(stat.stxstattarget, -1), 'comment', ${COMMENT('stat.oid', 'pg_statistic_ext')}) order by stat.stxname`,
  'pg_statistic_ext as stat join pg_namespace as space on space.oid = stat.stxnamespace where stat.stxrelid = class.oid',
)

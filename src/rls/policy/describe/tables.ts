import { COLUMNS } from './columns.ts'
import { CHECKS, FOREIGN_KEYS } from './foreign-keys.ts'
import { grantList, grantRows } from './grants.ts'
import { jsonList } from './json-list.ts'
import { KEYS, TENANT_INDEXED } from './keys.ts'
import { POLICIES } from './policies.ts'
import { SEQUENCES } from './sequences.ts'

const GRANTS = grantList(
  `${grantRows('class.relacl', 'class.relowner')}
  union all
  select given_column.grantee, given_column.privilege, given_column.described
  from pg_attribute as att
  cross join lateral (${grantRows('att.attacl', 'class.relowner', 'att.attname')}) as given_column
  where att.attrelid = relation.oid and att.attacl is not null and not att.attisdropped`,
)

/** The table that a partition is of, at the top. By the catalog's own index: `relation` has none. */
const ROOT = `case when relation.is_partition then (
  select space.nspname || '.' || top.relname from pg_class as top join pg_namespace as space on space.oid = top.relnamespace
  where top.oid = pg_partition_root(relation.oid)) end`

/** SQL for the tables of the database, partitions included. */
export const TABLES: string = jsonList(
  `json_build_object('schema', relation.schema, 'schemaIdent', quote_ident(relation.schema), 'name', relation.name, 'object', relation.object, 'ident', relation.ident,
    'partitioned', relation.kind = 'p', 'root', ${ROOT}, 'owned', relation.owner in (select oid from held_role),
    'rowSecurity', relation.row_security, 'forced', relation.forced, 'tenant', relation.tenant_name,
    'columns', ${COLUMNS}, 'tenantIndexed', ${TENANT_INDEXED}, 'keys', ${KEYS}, 'foreignKeys', ${FOREIGN_KEYS},
    'checks', ${CHECKS}, 'policies', ${POLICIES}, 'grants', ${GRANTS}, 'sequences', ${SEQUENCES}) order by relation.object`,
  `relation join pg_class as class on class.oid = relation.oid where relation.kind in ('r', 'p')`,
)

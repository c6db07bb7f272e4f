import type { CatalogClient } from '../../../rls/catalog/catalog-client.ts'
import { POLICIES, PUBLICATIONS, TRIGGERS } from './behaviour.ts'
import { COLUMNS, IDENTITIES, SERIALS } from './columns.ts'
import { DEFAULT_GRANTEES, GRANTS } from './grants.ts'
import { CONSTRAINTS, INDEXES, STATISTICS } from './keys.ts'
import { SURROUNDINGS } from './surroundings.ts'
import type { TableShape } from './table-shape.ts'

/** The catalogs print a partition's bound in the session's time zone and style; `readPinned` pins them. */
const LEAVES = `(select coalesce(json_agg(json_build_object('schema', space.nspname, 'name', leaf.relname, 'oid', leaf.oid::int8,
    'bound', pg_catalog.pg_get_expr(leaf.relpartbound, leaf.oid), 'comment', obj_description(leaf.oid, 'pg_class')) order by leaf.relname), '[]')
  from pg_inherits as link join pg_class as leaf on leaf.oid = link.inhrelid join pg_namespace as space on space.oid = leaf.relnamespace
  where link.inhparent = class.oid and class.relkind = 'p' and leaf.relkind in ('r', 'p'))`

const SHAPE = `select json_build_object(
    'oid', class.oid::int8, 'kind', class.relkind, 'persistence', class.relpersistence, 'isPartition', class.relispartition,
    'isTyped', class.reloftype <> 0, 'accessMethod', (select amname from pg_am where oid = class.relam),
    'tablespace', (select spcname from pg_tablespace where oid = class.reltablespace),
    'owner', pg_catalog.pg_get_userbyid(class.relowner), 'options', coalesce(to_json(class.reloptions), '[]'),
    'toastOptions', coalesce((select to_json(toast.reloptions) from pg_class as toast where toast.oid = class.reltoastrelid), '[]'),
    'rowSecurity', class.relrowsecurity, 'forced', class.relforcerowsecurity, 'replicaIdentity', class.relreplident,
    'replicaIndex', (select idx_class.relname from pg_index as idx join pg_class as idx_class on idx_class.oid = idx.indexrelid
      where idx.indrelid = class.oid and idx.indisreplident),
    'comment', obj_description(class.oid, 'pg_class'), 'tuples', class.reltuples,
    'columns', ${COLUMNS}, 'identities', ${IDENTITIES}, 'serials', ${SERIALS}, 'constraints', ${CONSTRAINTS}, 'indexes', ${INDEXES},
    'statistics', ${STATISTICS}, 'policies', ${POLICIES}, 'triggers', ${TRIGGERS}, 'grants', ${GRANTS},
    'publications', ${PUBLICATIONS}, 'defaultGrantees', ${DEFAULT_GRANTEES}, 'leaves', ${LEAVES}, 'surroundings', ${SURROUNDINGS}) as shape
  from pg_class as class join pg_namespace as own_space on own_space.oid = class.relnamespace
  where own_space.nspname = $1 and class.relname = $2`

/**
 * Describes a table. To be called within {@link readPinned}.
 *
 * @returns nothing where there is no relation of that name
 */
export async function readShape(
  client: CatalogClient,
  schema: string,
  name: string,
): Promise<TableShape | undefined> {
  const { rows } = await client.query(SHAPE, [schema, name])
  const [row] = rows as readonly { readonly shape: TableShape }[]
  return row?.shape
}

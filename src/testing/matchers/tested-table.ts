import { ConfigError } from '../../errors/config.ts'
import { printable } from '../../rls/report/printable.ts'
import type { IsolationClient } from './isolation-subject.ts'

/** A column of a table under test, and what the login role may do with it. */
export interface TestedColumn {
  readonly name: string
  /** Quoted. */
  readonly ident: string
  readonly reads: boolean
  readonly inserts: boolean
  readonly updates: boolean
  /** Whether a unique index or a key contains it. */
  readonly isUnique: boolean
}

/** A relation with the tenant column that the login role can read. */
export interface TestedTable {
  /** `schema.name`. */
  readonly object: string
  /** Quoted. */
  readonly ident: string
  /** Whether it keeps rows itself, so that it can be written to and its rows have places: a table, partitioned or not. */
  readonly isTable: boolean
  /** Whether every column may be read, those of the system too. */
  readonly readsAll: boolean
  /** The tenant column, quoted, and its type. */
  readonly tenant: string
  readonly tenantType: string
  readonly columns: readonly TestedColumn[]
}

/** `$1` is the tenant column; `$2` a name with its schema, one that search_path finds, or NULL for all. */
const TABLES = `select pg_catalog.json_build_object(
  'object', space.nspname || '.' || class.relname,
  'ident', pg_catalog.format('%I.%I', space.nspname, class.relname),
  'isTable', class.relkind in ('r', 'p'),
  'readsAll', pg_catalog.has_table_privilege(class.oid, 'SELECT'),
  'tenant', pg_catalog.quote_ident(tenant.attname),
  'tenantType', pg_catalog.format_type(tenant.atttypid, tenant.atttypmod),
  'columns', (
    select pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', attname, 'ident', pg_catalog.quote_ident(attname),
      'reads', pg_catalog.has_column_privilege(class.oid, attnum, 'SELECT'),
      'inserts', attgenerated = '' and attidentity <> 'a' and pg_catalog.has_column_privilege(class.oid, attnum, 'INSERT'),
      'updates', attgenerated = '' and attidentity <> 'a' and pg_catalog.has_column_privilege(class.oid, attnum, 'UPDATE'),
      'isUnique', exists (
        select from pg_catalog.pg_index
        where indrelid = class.oid and (indisunique or indisexclusion) and attnum = any (indkey::int2[])
      )
    ) order by attnum)
    from pg_catalog.pg_attribute where attrelid = class.oid and attnum > 0 and not attisdropped
  )
)::text as found
from pg_catalog.pg_class as class
join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
join pg_catalog.pg_attribute as tenant on tenant.attrelid = class.oid and tenant.attname = $1 and tenant.attnum > 0
where class.relkind in ('r', 'p', 'v', 'm', 'f') and space.nspname !~ '^pg_' and space.nspname <> 'information_schema'
  and pg_catalog.has_schema_privilege(space.oid, 'USAGE')
  and pg_catalog.has_any_column_privilege(class.oid, 'SELECT')
  and ($2::text is null or space.nspname || '.' || class.relname = $2
    or class.relname = $2 and pg_catalog.pg_table_is_visible(class.oid))
order by space.nspname, class.relname`

/** Every relation with the tenant column that the login role can read, partitions and views too. */
export async function listTables(
  client: IsolationClient,
  tenantColumn: string,
): Promise<readonly TestedTable[]> {
  return findTables(client, tenantColumn, null)
}

/**
 * @param name `schema.name`, or the name alone where search_path finds it; without quotes
 * @throws {ConfigError} there is none
 */
export async function findTable(
  client: IsolationClient,
  tenantColumn: string,
  name: string,
): Promise<TestedTable> {
  const found = await findTables(client, tenantColumn, name)
  const [table] = found.length > 1 ? found.filter(({ object }) => object === name) : found
  if (table) return table
  throw new ConfigError(
    `There is no ${printable(name)} with the column ${printable(tenantColumn)} that the login role can read. A table that lies ` +
      'outside of search_path is named with its schema; a column of another name is given as { tenantColumn }.',
  )
}

async function findTables(
  client: IsolationClient,
  tenantColumn: string,
  name: string | null,
): Promise<readonly TestedTable[]> {
  const { rows } = await client.query(TABLES, [tenantColumn, name])
  return (rows as readonly { found: string }[]).map(({ found }) => JSON.parse(found))
}

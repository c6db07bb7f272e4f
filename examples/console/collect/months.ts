import { definePartitions, type KeyType, partitionReadiness } from 'leasehold/partitioning'
import type pg from 'pg'
import type { MonthlyTable } from './observation.ts'
import { parseBounds } from './parse-bounds.ts'

/**
 * Tables that are partitioned by one column of a kind that months can be cut from, with their partitions. Catalogs only: no right on a
 * table, or on the schema that the partitions are in, is needed.
 */
const MONTHLY_TABLES = `
  select space.nspname as schema, parent.relname as name, attribute.attname as key, attribute.atttypid::regtype::text as type,
    coalesce((
      select json_agg(json_build_object('name', part.relname, 'bounds', pg_get_expr(part.relpartbound, part.oid),
        'rows', part.reltuples, 'bytes', pg_total_relation_size(part.oid)) order by part.relname)
      from pg_inherits as link join pg_class as part on part.oid = link.inhrelid
      where link.inhparent = parent.oid and not link.inhdetachpending
    ), '[]') as partitions
  from pg_partitioned_table as partitioned
  join pg_class as parent on parent.oid = partitioned.partrelid and not parent.relispartition
  join pg_namespace as space on space.oid = parent.relnamespace
  join pg_attribute as attribute on attribute.attrelid = parent.oid and attribute.attnum = partitioned.partattrs[0]
  where partitioned.partstrat = 'r' and partitioned.partnatts = 1
    and attribute.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype, 'uuid'::regtype)
  order by 1, 2`

interface TableRow {
  readonly schema: string
  readonly name: string
  readonly key: string
  readonly type: string
  readonly partitions: readonly {
    readonly name: string
    readonly bounds: string
    readonly rows: number
    readonly bytes: number
  }[]
}

const KEY_TYPES: Readonly<Record<string, KeyType>> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  date: 'date',
  uuid: 'uuidv7',
}

/**
 * The calendar of each table that is kept in months, and what leasehold's readiness check says of it.
 *
 * @param client of a session whose DateStyle is ISO and whose TimeZone is UTC: bounds come as text
 */
export async function readMonths(client: pg.ClientBase): Promise<readonly MonthlyTable[]> {
  const { rows } = await client.query<TableRow>(MONTHLY_TABLES)
  const tables: MonthlyTable[] = []
  for (const { schema, name, key, type, partitions } of rows) {
    const keyType = KEY_TYPES[type]
    if (!keyType) continue
    const set = definePartitions({ schema, tables: { [name]: { key, keyType, every: 'month' } } })
    const [readiness] = (await partitionReadiness(client, set)).tables
    tables.push({
      table: `${schema}.${name}`,
      monthsAhead: readiness?.monthsAhead ?? -1,
      refusesFrom: readiness?.refusesFrom?.toISOString(),
      partitions: partitions.map((partition) => ({
        name: partition.name,
        ...parseBounds(partition.bounds, keyType),
        // -1: no statistics yet.
        estimatedRows: partition.rows < 0 ? undefined : partition.rows,
        bytes: partition.bytes,
      })),
    })
  }
  return tables
}

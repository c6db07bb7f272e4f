import type { ArchiveClient } from './archive-client.ts'
import { ArchiveError } from './archive-error.ts'
import type { ArchivedPartition } from './archived-partition.ts'
import type { ArchivedColumn, ArchivedShape, OrderTerm } from './archived-shape.ts'

/** A partition as the catalog has it. */
export interface TableIdentity {
  readonly oid: number
  /** Changes when the table is truncated or written anew. */
  readonly filenode: number
  readonly attached: boolean
}

interface ColumnRow extends ArchivedColumn {
  readonly collated: boolean
  readonly keyPosition: number | null
}

const IDENTITY = `
  select c.oid::int8::text as oid, pg_relation_filenode(c.oid)::int8::text as filenode, c.relispartition as attached
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = $2 and c.relkind = 'r'`

const COLUMNS = `
  select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
         a.attgenerated <> '' as generated, a.attcollation <> 0 as collated, array_position(i.indkey::int2[], a.attnum) as "keyPosition"
  from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
  order by a.attnum`

/** @throws {ArchiveError} `no-such-table` */
export async function readIdentity(
  client: ArchiveClient,
  partition: ArchivedPartition,
): Promise<TableIdentity> {
  const { rows } = await client.query({ text: IDENTITY, values: [partition.schema, partition.partition] })
  const [found] = rows as readonly { oid: string; filenode: string; attached: boolean }[]
  const oid = Number(found?.oid)
  if (found && (partition.oid === undefined || partition.oid === oid)) {
    return { oid, filenode: Number(found.filenode), attached: found.attached }
  }
  throw new ArchiveError(
    'no-such-table',
    found
      ? `${partition.schema}.${partition.partition} is not the table that was meant: it was dropped and made again since the plan ` +
          'was made. Plan again. Nothing was written.'
      : `There is no table ${partition.schema}.${partition.partition}. Plan again. Nothing was written.`,
  )
}

/**
 * Reads the columns of a partition, and puts together an order in which its rows always come: by tenant, by the key of the months, by
 * the primary key; without one by every column's text.
 *
 * @throws {ArchiveError} `no-such-table` when it has no such tenant or key column
 */
export async function readShape(
  client: ArchiveClient,
  oid: number,
  partition: ArchivedPartition,
): Promise<ArchivedShape> {
  const { rows } = await client.query({ text: COLUMNS, values: [oid] })
  const columns = rows as readonly ColumnRow[]
  const named = (name: string): ColumnRow => {
    const column = columns.find((other) => other.name === name)
    if (column) return column
    throw new ArchiveError(
      'no-such-table',
      `${partition.schema}.${partition.partition} has no column ${name}, by which its rows are ordered. Name the tenant's column and ` +
        'the key as definePartitions() has them. Nothing was written.',
    )
  }
  const primary = columns
    .filter(({ keyPosition }) => keyPosition !== null)
    .sort((a, b) => Number(a.keyPosition) - Number(b.keyPosition))
  const first = [named(partition.tenantColumn), named(partition.key), ...primary]
  const order: OrderTerm[] = [...new Set(first)].map(({ name, collated }) => ({
    column: name,
    by: collated ? 'C' : 'value',
  }))
  if (primary.length === 0)
    order.push(...columns.map(({ name }): OrderTerm => ({ column: name, by: 'text' })))
  return {
    columns: columns.map(({ name, type, notNull, generated }) => ({ name, type, notNull, generated })),
    order,
  }
}

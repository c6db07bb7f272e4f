import { quoteName } from '../../rls/sql/quote.ts'
import type { ArchiveClient } from './archive-client.ts'
import type { ArchivedShape, OrderTerm } from './archived-shape.ts'
import type { TextRow } from './canonical-row.ts'

const BATCH_ROWS = 2_000

/** Leaves a value as the text that PostgreSQL sent. */
const RAW_TEXT = {
  getTypeParser:
    () =>
    (text: string): unknown =>
      text,
}

/**
 * Reads all rows of one table, and of none that inherits from it, in the order of the shape. Within a transaction of
 * `inPinnedTransaction`.
 */
export async function* readRows(
  client: ArchiveClient,
  table: { readonly schema: string; readonly name: string },
  shape: ArchivedShape,
  signal?: AbortSignal,
): AsyncGenerator<readonly TextRow[], void, undefined> {
  const columns = shape.columns.map(({ name }) => quoteName(name)).join(', ')
  const from = `only ${quoteName(table.schema)}.${quoteName(table.name)}`
  const order = shape.order.map(orderBy).join(', ')
  await client.query({
    text: `declare leasehold_rows no scroll cursor for select ${columns} from ${from} order by ${order}`,
  })
  for (;;) {
    signal?.throwIfAborted()
    const { rows } = await client.query({
      text: `fetch forward ${BATCH_ROWS} from leasehold_rows`,
      rowMode: 'array',
      types: RAW_TEXT,
    })
    if (rows.length === 0) break
    yield rows as readonly TextRow[]
  }
  await client.query({ text: 'close leasehold_rows' })
}

function orderBy({ column, by }: OrderTerm): string {
  const name = quoteName(column)
  if (by === 'value') return `${name} nulls first`
  return `${by === 'text' ? `${name}::pg_catalog.text` : name} collate "C" nulls first`
}

/** The least and the greatest key of the table, as text; nothing where it has no row. */
export async function readKeyRange(
  client: ArchiveClient,
  table: { readonly schema: string; readonly name: string },
  key: string,
): Promise<{ readonly min: string | undefined; readonly max: string | undefined }> {
  const end = async (direction: string): Promise<string | undefined> => {
    const from = `only ${quoteName(table.schema)}.${quoteName(table.name)}`
    const { rows } = await client.query({
      text: `select ${quoteName(key)} from ${from} order by 1 ${direction} nulls last limit 1`,
      rowMode: 'array',
      types: RAW_TEXT,
    })
    return (rows as readonly TextRow[])[0]?.[0] ?? undefined
  }
  return { min: await end('asc'), max: await end('desc') }
}

import { gunzipSync, gzipSync } from 'node:zlib'
import type { SchemaElement } from 'hyparquet'
import { ArchiveError } from '../archive-error.ts'
import type { ArchivedColumn } from '../archived-shape.ts'
import type { TextRow } from '../canonical-row.ts'
import type { ArchiveFormat, ObjectWriter } from './archive-format.ts'

const BATCH_ROWS = 2_000
const ROW_GROUP_ROWS = 20_000

/** The parts of the two packages that are used. */
export interface ParquetPackages {
  readonly writer: Pick<typeof import('hyparquet-writer'), 'ByteWriter' | 'parquetWrite'>
  readonly reader: Pick<typeof import('hyparquet'), 'parquetRead' | 'parquetMetadata'>
}

/**
 * Apache Parquet: a nullable string for each column, as PostgreSQL writes it, so that no type of Parquet narrows it; the types are in
 * the file's own metadata. Packed by gzip, which every reader knows.
 */
export function parquetFormat({ writer, reader }: ParquetPackages): ArchiveFormat {
  return {
    extension: 'parquet',
    begin: (columns) => begin(writer, columns),
    read: (bytes, columns) => read(reader, bytes, columns),
  }
}

function begin(
  { ByteWriter, parquetWrite }: ParquetPackages['writer'],
  columns: readonly ArchivedColumn[],
): ObjectWriter {
  const data = columns.map((): (string | null)[] => [])
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(
      ({ name }): SchemaElement => ({
        name,
        type: 'BYTE_ARRAY',
        converted_type: 'UTF8',
        repetition_type: 'OPTIONAL',
      }),
    ),
  ]
  return {
    add: (row) => {
      for (const [at, column] of data.entries()) column.push(row[at] ?? null)
    },
    finish: async () => {
      const writer = new ByteWriter()
      await parquetWrite({
        writer,
        schema,
        columnData: columns.map(({ name }, at) => ({ name, data: data[at] ?? [] })),
        codec: 'GZIP',
        compressors: { GZIP: (input) => gzipSync(input) },
        // Bounds of values would stand in the footer a second time, cut short.
        statistics: false,
        rowGroupSize: ROW_GROUP_ROWS,
        kvMetadata: [
          {
            key: 'leasehold.columns',
            value: JSON.stringify(columns.map(({ name, type }) => ({ name, type }))),
          },
        ],
        createdBy: 'leasehold',
      })
      return writer.getBytes()
    },
  }
}

async function* read(
  reader: ParquetPackages['reader'],
  bytes: Uint8Array,
  columns: readonly ArchivedColumn[],
): AsyncGenerator<readonly TextRow[]> {
  const whole = Uint8Array.from(bytes).buffer
  try {
    const metadata = reader.parquetMetadata(whole)
    const rows = Number(metadata.num_rows)
    const compressors = { GZIP: (input: Uint8Array) => gunzipSync(input) }
    const file = { byteLength: whole.byteLength, slice: (from: number, to?: number) => whole.slice(from, to) }
    const names = columns.map(({ name }) => name)
    for (let from = 0; from < rows; from += ROW_GROUP_ROWS) {
      let group: TextRow[] = []
      await reader.parquetRead({
        file,
        metadata,
        columns: names,
        rowStart: from,
        rowEnd: Math.min(from + ROW_GROUP_ROWS, rows),
        compressors,
        onComplete: (read) => {
          group = read.map((row) => row.map(textOrNull))
        },
      })
      for (let at = 0; at < group.length; at += BATCH_ROWS) yield group.slice(at, at + BATCH_ROWS)
    }
  } catch (cause) {
    if (cause instanceof ArchiveError) throw cause
    throw new ArchiveError('read-back', 'An object of the archive is not a whole Parquet file.', { cause })
  }
}

function textOrNull(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  throw new ArchiveError('read-back', 'A column of an object of the archive holds something else than text.')
}

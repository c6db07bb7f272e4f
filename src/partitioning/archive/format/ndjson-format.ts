import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { ArchiveError } from '../archive-error.ts'
import type { ArchivedColumn } from '../archived-shape.ts'
import type { TextRow } from '../canonical-row.ts'
import type { ArchiveFormat, ObjectWriter } from './archive-format.ts'

const BATCH_ROWS = 2_000

/** One JSON object a line: a text, as PostgreSQL writes it, or null for each column; packed by gzip. */
export const NDJSON_FORMAT: ArchiveFormat = {
  extension: 'ndjson.gz',
  begin,
  read,
}

function begin(columns: readonly ArchivedColumn[]): ObjectWriter {
  // Put together by hand: an object would move a column called "1" to the front.
  const names = columns.map(({ name }, at) => `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`)
  const lines: string[] = []
  return {
    add: (row) => {
      lines.push(`${names.map((name, at) => name + JSON.stringify(row[at] ?? null)).join('')}}\n`)
    },
    finish: async () => promisify(gzip)(lines.join('')),
  }
}

async function* read(
  bytes: Uint8Array,
  columns: readonly ArchivedColumn[],
): AsyncGenerator<readonly TextRow[]> {
  const text = await promisify(gunzip)(bytes).catch((cause: unknown) => {
    throw new ArchiveError('read-back', 'An object of the archive is not whole gzip data.', { cause })
  })
  let batch: TextRow[] = []
  let from = 0
  while (from < text.length) {
    const end = text.indexOf(10, from)
    if (end < 0) throw new ArchiveError('read-back', 'The last line of an object of the archive has no end.')
    batch.push(readLine(text.toString('utf8', from, end), columns))
    from = end + 1
    if (batch.length === BATCH_ROWS) {
      yield batch
      batch = []
    }
  }
  yield batch
}

function readLine(line: string, columns: readonly ArchivedColumn[]): TextRow {
  let values: Record<string, unknown>
  try {
    values = JSON.parse(line)
  } catch {
    // The parser's own error shows a piece of the line.
    throw new ArchiveError('read-back', 'A line of an object of the archive is not JSON.')
  }
  return columns.map(({ name }) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === null || typeof value === 'string') return value
    throw new ArchiveError(
      'read-back',
      `A line of an object of the archive has no text for the column ${name}.`,
    )
  })
}

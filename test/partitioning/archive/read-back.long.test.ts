import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ArchivedColumn } from '../../../src/partitioning/archive/archived-shape.ts'
import { CanonicalRow, type TextRow } from '../../../src/partitioning/archive/canonical-row.ts'
import { openFormat } from '../../../src/partitioning/archive/format/open-format.ts'
import { compareReadBack } from '../../../src/partitioning/archive/read-back.ts'
import { RowTally } from '../../../src/partitioning/archive/row-tally.ts'
import type { ArchiveSink } from '../../../src/partitioning/archive/sink/archive-sink.ts'

const column = (name: string): ArchivedColumn => ({ name, type: 'text', notNull: false, generated: false })
const COLUMNS = ['tenant', '2', '__proto__', 'constructor', 'a.b', '', '"'].map(column)
const ROWS: readonly TextRow[] = [
  ['a', '', null, 'x', '\n', '\u0000', '🦊'],
  ['a', null, '', 'null', '\r\n', '\\', '"'],
  ['b', '2', '{}', ' ', '\u2028', 'é', ','],
]
const PARTITION = {
  table: 'public.t',
  schema: 'public',
  partition: 't',
  lowUs: 0n,
  highUs: 1n,
  key: '2',
  tenantColumn: 'tenant',
}

async function readBack(
  format: 'ndjson.gz' | 'parquet',
  written: readonly TextRow[],
  rows: readonly TextRow[],
): Promise<void> {
  const opened = await openFormat(format)
  const writer = opened.begin(COLUMNS)
  for (const row of written) writer.add(row)
  const bytes = await writer.finish()
  const object = {
    name: 'o',
    rows: written.length,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
  const tally = new RowTally({ tenantAt: 0 })
  for (const row of rows) tally.add(row)
  const sink: ArchiveSink = {
    uri: (name) => name,
    put: () => Promise.resolve(),
    get: () => Promise.resolve(bytes),
    close: () => Promise.resolve(),
  }
  await compareReadBack(
    { partition: PARTITION, sink },
    opened,
    { shape: { columns: COLUMNS, order: [] }, tally: tally.finish() },
    [object],
  )
}

describe.each(['ndjson.gz', 'parquet'] as const)('reading back %s', (format) => {
  it('finds every value as it was, whatever the columns are called', async () => {
    await expect(readBack(format, ROWS, ROWS)).resolves.toBeUndefined()
    const many = Array.from(
      { length: 45_001 },
      (_, at): TextRow => [String(Math.floor(at / 9)), String(at), null, '', 'x'.repeat(at % 7), null, 'y'],
    )
    await expect(readBack(format, many, many)).resolves.toBeUndefined()
  })

  it('refuses an object whose hash is right and whose rows are not those of the database', async () => {
    const changed = [
      ROWS.slice(1),
      ROWS.toReversed(),
      ROWS.with(0, ['a', null, null, 'x', '\n', '\u0000', '🦊']),
      ROWS.with(0, ['a', '', '', 'x', '\n', '\u0000', '🦊']),
      ROWS.with(2, ['b', '2', '{} ', ' ', '\u2028', 'é', ',']),
    ]
    for (const rows of changed)
      await expect(readBack(format, rows, ROWS)).rejects.toMatchObject({ reason: 'read-back' })
  })
})

describe('the bytes of a row', () => {
  it('differ for NULL, for nothing, and for a text that runs over into the next column', () => {
    const rows: TextRow[] = [
      [null, ''],
      ['', null],
      ['', ''],
      [null, null],
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc', null],
      ['\u00e9'],
      ['e\u0301'],
    ]
    const canonical = new CanonicalRow()
    expect(new Set(rows.map((row) => canonical.encode(row).toString('hex'))).size).toBe(rows.length)
  })
})

import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { type FieldDescription, Result, type TypeParsers } from '../../src/wire/pg-internals.ts'
import { addColumns } from '../../src/wire/row-shapes.ts'

const OIDS = { int4: 23, text: 25, timestamptz: 1184 }
const field = (name: string, dataTypeID: number, format: 'text' | 'binary' = 'text'): FieldDescription => ({
  ...{ name, dataTypeID, format },
  ...{ tableID: 1, columnID: 1, dataTypeSize: 4, dataTypeModifier: -1 },
})
const types: TypeParsers = pg.types

/** What our result and pg's own make of the same row of a statement. */
function read(
  text: string,
  fields: FieldDescription[],
  cells: string[],
  parsers = types,
  rowMode?: 'array',
): unknown[] {
  const [ours, theirs] = [new Result(rowMode, parsers), new Result(rowMode, parsers)]
  addColumns(ours, text, fields, parsers)
  theirs.addFields(fields)
  return [ours, theirs].map((result) => ({ row: result.parseRow(cells), fields: result.fields }))
}

describe('the columns of a statement', () => {
  it.each([
    [
      'the first time',
      [field('n', OIDS.int4), field('at', OIDS.timestamptz)],
      ['1', '2026-01-01 00:00:00+00'],
    ],
    ['again', [field('n', OIDS.int4), field('at', OIDS.timestamptz)], ['2', '2026-01-02 00:00:00+00']],
    [
      'after a column was renamed',
      [field('m', OIDS.int4), field('at', OIDS.timestamptz)],
      ['3', '2026-01-03'],
    ],
    ['after a type was changed', [field('m', OIDS.text), field('at', OIDS.timestamptz)], ['3', '2026-01-03']],
    ['after a column was dropped', [field('m', OIDS.text)], ['x']],
    ['after one was added', [field('m', OIDS.text), field('k', OIDS.int4)], ['x', '4']],
  ])('are those of pg %s', (_when, fields, cells) => {
    const [ours, theirs] = read('select columns', fields, cells)
    expect(ours).toEqual(theirs)
  })

  it('are those of pg in each format and row mode', () => {
    const [ours, theirs] = read('select modes', [field('n', OIDS.int4)], ['1'])
    expect(ours).toEqual(theirs)
    const [arrays, expected] = read('select modes', [field('n', OIDS.int4)], ['1'], types, 'array')
    expect(arrays).toEqual(expected)
    const [binary, bytes] = read('select modes', [field('n', OIDS.int4, 'binary')], ['1234'])
    expect(binary).toEqual(bytes)
  })

  it('are parsed anew once a parser was changed', () => {
    const parsers: TypeParsers = { getTypeParser: () => (value) => `${value}!` }
    read('select parsers', [field('n', OIDS.int4)], ['1'])
    expect(read('select parsers', [field('n', OIDS.int4)], ['1'], parsers)).toMatchObject([
      { row: { n: '1!' } },
      { row: { n: '1!' } },
    ])
  })

  it('do not show in what a caller did to an earlier answer', () => {
    const fields = [field('n', OIDS.int4)]
    const [first] = read('select spoilt', fields, ['1']) as { row: { n: number; more?: string } }[]
    if (first) first.row.more = 'spoilt'
    Object.assign(fields[0] ?? {}, { name: 'spoilt' })
    expect(read('select spoilt', [field('n', OIDS.int4)], ['2'])[0]).toMatchObject({ row: { n: 2 } })
  })
})

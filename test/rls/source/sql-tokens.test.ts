import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PLACEHOLDER, readSqlTokens } from '../../../src/rls/source/sql-tokens.ts'

const read = (text: string) => readSqlTokens(text).map(({ kind, text: value }) => [kind, value])

describe('the tokens of a text', () => {
  it('are words in lower case, names as they are, and what strings hold', () => {
    expect(read(`SELECT "It""s", 'it''s', E'a\\'b', U&'x', $1, 1.5e3`)).toEqual([
      ['word', 'select'],
      ['quoted', 'It"s'],
      ['symbol', ','],
      ['string', "it's"],
      ['symbol', ','],
      ['string', "a\\'b"],
      ['symbol', ','],
      ['string', 'x'],
      ['symbol', ','],
      ['parameter', '$1'],
      ['symbol', ','],
      ['number', '1.5e3'],
    ])
  })

  it('are strings between dollars to their own tag', () => {
    expect(read("$$a'b$$ $x$ $$ $y$ $x$ $größe$z$größe$")).toEqual([
      ['string', "a'b"],
      ['string', ' $$ $y$ '],
      ['string', 'z'],
    ])
  })

  it('are none of the comments, which nest', () => {
    expect(read('a /* /* b */ c */ d -- e\nf')).toEqual([
      ['word', 'a'],
      ['word', 'd'],
      ['word', 'f'],
    ])
  })

  it('end where the text ends when something is not closed', () => {
    for (const text of ["'a", '"a', '$$a', '/* a', "e'a\\"])
      expect(readSqlTokens(text).length).toBeLessThanOrEqual(1)
  })

  it('hold a placeholder apart from words', () => {
    expect(read(`a${PLACEHOLDER}b`)).toEqual([
      ['word', 'a'],
      ['placeholder', PLACEHOLDER],
      ['word', 'b'],
    ])
  })

  it('are read of any text whatever, in the order of their places', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '$',
      '$a$',
      '--',
      '\n',
      '/*',
      '*/',
      'e',
      'set',
      ' ',
      ';',
      '\\',
      '😀',
      '\ud800',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        const starts = readSqlTokens(text).map(({ start }) => start)
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b))
        expect(starts.every((start) => start < text.length)).toBe(true)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { Scanner } from '../../../src/wire/lexer/scanner.ts'

function tokens(text: string, backslashEscapes = false): string[] {
  const scanner = new Scanner(text, 0, backslashEscapes)
  const found: string[] = []
  while (scanner.next() !== 'end') found.push(`${scanner.kind} ${text.slice(scanner.start, scanner.end)}`)
  return found
}

describe('A scanner', () => {
  it('reads a word to the last letter, digit, dollar or character beyond ASCII', () => {
    expect(tokens('a1_$$x$ ä\u00a0b _c')).toEqual(['word a1_$$x$', 'word ä\u00a0b', 'word _c'])
  })

  it('reads every other character by itself', () => {
    expect(tokens('a.b=-1')).toEqual(['word a', 'symbol .', 'word b', 'symbol =', 'symbol -', 'symbol 1'])
  })

  it('skips comments between tokens, also behind an operator', () => {
    expect(tokens('a-/*b*/--c\r@--d\n e')).toEqual(['word a', 'symbol -', 'symbol @', 'word e'])
  })

  it('reads a doubled quote as a part of the string or name', () => {
    expect(tokens(`'a''b' "c""d"e`)).toEqual([`string 'a''b'`, `quoted "c""d"`, 'word e'])
  })

  it('ends an unterminated string, name or dollar string with the text', () => {
    for (const text of [`'a`, `'a''`, `e'\\'`, `$$a`, `$a$ $b$`])
      expect(tokens(text)).toEqual([`string ${text}`])
    expect(tokens('"a""')).toEqual(['quoted "a""'])
  })

  it('continues a string behind a newline, through line comments, but not on the same line or behind a block comment', () => {
    expect(tokens(`'a'\n'b'`)).toEqual([`string 'a'\n'b'`])
    expect(tokens(`'a' -- c\r -- d\n'b'`)).toEqual([`string 'a' -- c\r -- d\n'b'`])
    expect(tokens(`'a' 'b'`)).toEqual([`string 'a'`, `string 'b'`])
    expect(tokens(`'a'\n/**/'b'`)).toEqual([`string 'a'`, `string 'b'`])
  })

  it('knows which strings have escapes', () => {
    expect(tokens(`'\\'a`)).toEqual([`string '\\'`, 'word a'])
    expect(tokens(`'\\'a`, true)).toEqual([`string '\\'a`])
    expect(tokens(`n'\\'a`, true)).toEqual([`string n'\\'a`])
    expect(tokens(`E'\\'a'b`)).toEqual([`string E'\\'a'`, 'word b'])
    expect(tokens(`e'a'\n'\\'b'c`)).toEqual([`string e'a'\n'\\'b'`, 'word c'])
    for (const prefix of ['b', 'X', 'u&']) {
      expect(tokens(`${prefix}'\\'a`, true)).toEqual([`string ${prefix}'\\'`, 'word a'])
    }
  })

  it('takes a letter for a prefix only by itself and right before the quote', () => {
    expect(tokens(`ae'\\'`)).toEqual(['word ae', `string '\\'`])
    expect(tokens(`e '\\'`)).toEqual(['word e', `string '\\'`])
    expect(tokens(`U&"a" u & "a"`)).toEqual(['unicode U&"a"', 'word u', 'symbol &', 'quoted "a"'])
  })

  it('ends a dollar string at the repetition of its own delimiter', () => {
    expect(tokens('$$a$b$ $$c')).toEqual(['string $$a$b$ $$', 'word c'])
    expect(tokens('$ä_1$ $$ $ä$ $ä_1$c')).toEqual(['string $ä_1$ $$ $ä$ $ä_1$', 'word c'])
    expect(tokens('$1$$a$$')).toEqual(['symbol $', 'symbol 1', 'string $$a$$'])
    expect(tokens('$a b$')).toEqual(['symbol $', 'word a', 'word b$'])
  })
})

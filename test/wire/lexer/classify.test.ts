import { describe, expect, it } from 'vitest'
import { classify } from '../../../src/wire/lexer/classify.ts'
import { ALLOWED, EXCLUSIVE, REFUSED } from './support/examples.ts'

describe('A text that may run', () => {
  it.each(ALLOWED)('is $because: $text', ({ text }) => {
    expect(classify(text)).toEqual({ kind: 'plain' })
  })

  it('costs no object: every plain text gets the same frozen one', () => {
    expect(classify('select 1')).toBe(classify('insert into t values (1)'))
    expect(Object.isFrozen(classify('select 1'))).toBe(true)
  })
})

describe('A text that must run alone', () => {
  it.each(EXCLUSIVE)('is $because: $text', ({ text, command }) => {
    expect(classify(text)).toEqual({ kind: 'exclusive', command })
  })
})

describe('A text that is refused', () => {
  it.each(REFUSED)('is $command ($reason): $text', ({ text, command, reason }) => {
    expect(classify(text)).toEqual({ kind: 'refused', command, reason })
  })

  it('is any with a NUL, for the server would read the rest as protocol', () => {
    const refusal = { kind: 'refused', reason: 'nul-character' }
    expect(classify('select 1\0')).toMatchObject(refusal)
    expect(classify('\0')).toMatchObject(refusal)
    expect(classify("select '\0begin'")).toMatchObject(refusal)
  })

  it('is one whose first word begins no statement that PostgreSQL knows', () => {
    for (const text of [
      'let x = 1',
      'selct 1',
      'begins',
      'begin1',
      'commit_log',
      'xbegin',
      'deallocated x',
    ]) {
      expect(classify(text), text).toMatchObject({ kind: 'refused', reason: 'unknown-statement' })
    }
  })
})

describe('Every first word of the grammar', () => {
  // toplevel_stmt of gram.y, PostgreSQL 15 to 18
  const plain =
    'alter analyse analyze checkpoint close cluster comment create declare delete drop explain fetch grant import insert lock merge move notify reassign refresh reindex revoke security select show table truncate update vacuum values with'
  const exclusive = 'call do'
  const refused =
    'abort begin commit copy deallocate discard end execute listen load prepare release reset rollback savepoint set start unlisten'

  it.each(plain.split(' '))('%s may run when nothing else is against it', (word) => {
    expect(classify(word)).toEqual({ kind: 'plain' })
    expect(classify(`${word.toUpperCase()}--`)).toEqual({ kind: 'plain' })
  })

  it.each(exclusive.split(' '))('%s must run alone', (word) => {
    expect(classify(word)).toMatchObject({ kind: 'exclusive' })
  })

  it.each(refused.split(' '))('%s is refused', (word) => {
    expect(classify(word)).toMatchObject({ kind: 'refused' })
    expect(classify(word)).not.toMatchObject({ reason: 'unknown-statement' })
  })
})

describe('Letters that only resemble those of a command', () => {
  it('make no keyword, for PostgreSQL folds keywords in ASCII alone', () => {
    for (const text of [
      'beg\u0130n',
      'beg\u0131n',
      'roll\u0062ac\u212a',
      'di\u017fcard all',
      '\uff42egin',
      'li\u017ften x',
    ]) {
      expect(classify(text), text).toEqual({ kind: 'plain' })
    }
  })

  it('are no white space: a byte order mark or a Unicode space belongs to the word beside it', () => {
    for (const space of ['\ufeff', '\u00a0', '\u0085', '\u2028', '\u3000']) {
      expect(classify(`${space}begin`)).toEqual({ kind: 'plain' })
      expect(classify(`begin${space}work`)).toEqual({ kind: 'plain' })
      expect(classify(`--${space}begin`)).toEqual({ kind: 'plain' })
    }
  })

  it('protect a setting all the same, since a server of another encoding might fold them', () => {
    expect(classify('set local row_secur\u0130ty = off')).toMatchObject({ reason: 'protected-setting' })
  })
})

describe('A backslash', () => {
  it('is read in both ways where standard_conforming_strings decides what the statement is', () => {
    // under one reading the string ends at its second quote, under the other it goes on to the last
    const texts = [
      "explain (format '\\') execute p --')",
      "explain (format '\\'') execute p --')",
      "create table x with (a = '\\') as execute p --'",
      "create table x with (a = '\\'') as execute p --'",
    ]
    for (const text of texts) expect(classify(text), text).toMatchObject({ reason: 'prepared-statement' })
  })

  it('keeps its meaning in the second piece of a string that began with E', () => {
    expect(classify("create table x (a text default e'a'\n'\\')) as execute p --')")).toEqual({
      kind: 'plain',
    })
  })
})

import { describe, expect, it } from 'vitest'
import { PreparedStatements } from '../../src/wire/prepared-statements.ts'
import { callerStatement, ownStatement } from '../../src/wire/statement.ts'
import { StatementNames } from '../../src/wire/statement-names.ts'

const SELECT = callerStatement('select 1')

/** Names that are given from the first use on. */
function eagerNames(...texts: string[]): StatementNames {
  const names = new StatementNames()
  for (const text of texts) names.nameOf(text)
  return names
}

describe('the names of statements', () => {
  it('are given from the second use on', () => {
    const names = new StatementNames()
    expect(names.nameOf('select 1')).toBeUndefined()
    expect(names.nameOf('select 1')).toEqual({ name: expect.stringMatching(/^lsh_/), text: 'select 1' })
  })

  it('are the same in every process, and differ between texts', () => {
    const [a, b] = [eagerNames('select 1', 'select 2'), eagerNames('select 1')]
    expect(a.nameOf('select 1')).toEqual(b.nameOf('select 1'))
    expect(a.nameOf('select 1')?.name).not.toBe(a.nameOf('select 2')?.name)
  })

  it('are not given to texts that are built for one use', () => {
    const long = `select ${'1,'.repeat(5_000)} 1`
    const names = eagerNames(long)
    expect(names.nameOf(long)).toBeUndefined()
  })

  it('are bounded, and the least recently used is forgotten first', () => {
    const names = new StatementNames(2)
    for (const text of ['a', 'b', 'a', 'c', 'a']) names.nameOf(text)
    expect(names.nameOf('a')).toBeDefined()
    expect(names.nameOf('b')).toBeUndefined()
  })

  it('change together with the text once a plan has gone stale', () => {
    const names = eagerNames('select 1')
    const before = names.nameOf('select 1')
    names.renew('select 1')
    const after = names.nameOf('select 1')
    expect(after?.name).not.toBe(before?.name)
    expect(after?.text).toBe('/*1*/ select 1')
  })
})

describe('the prepared statements of a connection', () => {
  const order = (prepared: PreparedStatements, ...texts: string[]) =>
    prepared.order(texts.map((text) => callerStatement(text)))

  it('are parsed once, and counted only when ParseComplete has come', () => {
    const prepared = new PreparedStatements(eagerNames('select 1'))
    const [first] = order(prepared, 'select 1').statements
    expect(first).toMatchObject({ name: expect.stringMatching(/^lsh_/), parse: 'select 1' })
    // Not confirmed: an error ahead of the Parse would have the server skip it.
    expect(order(prepared, 'select 1').statements).toMatchObject([{ name: '', parse: 'select 1' }])
    prepared.confirm(first?.name ?? '')
    expect(order(prepared, 'select 1').statements).toMatchObject([{ name: first?.name, parse: undefined }])
  })

  it('are parsed again when their Parse was skipped', () => {
    const prepared = new PreparedStatements(eagerNames('select 1'))
    const [first] = order(prepared, 'select 1').statements
    prepared.forget(first?.name ?? '')
    const again = order(prepared, 'select 1')
    expect(again.statements).toMatchObject([{ name: first?.name, parse: 'select 1' }])
    // A pooler may have noted the name, and would not take it twice.
    expect(again.closeBefore).toEqual([first?.name])
    expect(order(prepared, 'select 1').closeBefore).toEqual([])
  })

  it('leave the statements of the library unnamed', () => {
    const prepared = new PreparedStatements(eagerNames('begin'))
    expect(prepared.order([ownStatement('begin')]).statements).toMatchObject([{ name: '' }])
  })

  it('are bounded: the least recently used is closed before anything is parsed, but none that the segment uses', () => {
    const prepared = new PreparedStatements(eagerNames('a', 'b', 'c'), 2)
    const names = ['a', 'b'].map((text) => {
      const name = order(prepared, text).statements[0]?.name ?? ''
      prepared.confirm(name)
      return name
    })
    expect(order(prepared, 'a', 'b').closeBefore).toEqual([])
    const third = order(prepared, 'c', 'b')
    expect(third.closeBefore).toEqual([names[0]])
    expect(order(prepared, 'a').statements).toMatchObject([{ parse: 'a' }])
  })

  it('are all forgotten when the server does not know one: somebody has discarded them', () => {
    const prepared = new PreparedStatements(eagerNames('select 1'))
    const [used] = order(prepared, 'select 1').statements
    prepared.confirm(used?.name ?? '')
    const error = Object.assign(new Error('no'), { code: '26000', severity: 'ERROR' })
    prepared.learnFrom(error, used)
    expect(order(prepared, 'select 1').statements).toMatchObject([{ parse: 'select 1' }])
  })

  it('take 0A000 for a stale plan only from the routine that raises it', () => {
    const names = eagerNames(SELECT.text)
    const prepared = new PreparedStatements(names)
    const [used] = prepared.order([SELECT]).statements
    const error = (routine: string) =>
      Object.assign(new Error('no'), { code: '0A000', severity: 'ERROR', routine })
    prepared.learnFrom(error('SomeOtherRoutine'), used)
    expect(names.nameOf(SELECT.text)?.text).toBe('select 1')
    prepared.learnFrom(error('RevalidateCachedQuery'), used)
    expect(names.nameOf(SELECT.text)?.text).toBe('/*1*/ select 1')
  })
})

import { describe, expect, it } from 'vitest'
import { StatementInvalidError } from '../../src/errors/statement.ts'
import { callerStatement } from '../../src/wire/statement.ts'

describe("a caller's statement", () => {
  it('has its values converted as pg converts them', () => {
    const values = [1, 2n, 'x', null, undefined, true, [1, 2], { a: 1 }, Buffer.from('b')]
    expect(callerStatement('select', values).values).toEqual([
      '1',
      '2',
      'x',
      null,
      null,
      'true',
      '{"1","2"}',
      '{"a":1}',
      Buffer.from('b'),
    ])
  })

  it.each<[string, unknown]>([
    ['no text', {}],
    ['a text that is a number', { text: 7 }],
    ['null', null],
    ['values that are no array', { text: 'select 1', values: { length: 1 } }],
    ['a name', { text: 'select 1', name: 'mine' }],
    ['more values than the protocol can count', { text: 'select 1', values: Array(65_536).fill(1) }],
  ])('is refused with %s', (_label, input) => {
    expect(() => callerStatement(input)).toThrow(StatementInvalidError)
  })

  it('is refused before it is sent when a value cannot be converted, and the message does not show the value', () => {
    const value = {
      toPostgres() {
        throw new Error('secret')
      },
    }
    expect(() => callerStatement('select $1', [value])).toThrow(StatementInvalidError)
    expect(() => callerStatement('select $1', [value])).not.toThrow(/secret/)
  })
})

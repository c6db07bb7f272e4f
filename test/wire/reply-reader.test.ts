import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { IDLE } from '../../src/wire/expected-state.ts'
import { ReplyReader, type Segment } from '../../src/wire/reply-reader.ts'
import { callerStatement, ownStatement } from '../../src/wire/statement.ts'

const expected = ['0', 'nonce-1', 'tenant-a']
const segment: Segment = {
  statements: [ownStatement('select context'), callerStatement('select body from notes')],
  context: { index: 0, expected },
  leaves: IDLE,
}
const column = {
  name: 'body',
  tableID: 0,
  columnID: 0,
  dataTypeID: 25,
  dataTypeSize: -1,
  dataTypeModifier: -1,
  format: 'text' as const,
}

function reader(of: Segment = segment): ReplyReader {
  return new ReplyReader(of, pg.types)
}

function proved(): ReplyReader {
  const reply = reader()
  expect(reply.row(expected)).toBeUndefined()
  expect(reply.complete('SELECT 1')).toBeUndefined()
  return reply
}

describe('the reply of a segment', () => {
  it('holds the rows of each statement once its context is proved', () => {
    const reply = proved()
    expect(reply.rowDescription([column])).toBeUndefined()
    expect(reply.row(['hello'])).toBeUndefined()
    expect(reply.complete('SELECT 1')).toBeUndefined()
    expect(reply.ready('I')).toMatchObject({
      status: 'I',
      error: undefined,
      results: [{}, { command: 'SELECT', rowCount: 1, rows: [{ body: 'hello' }] }],
    })
  })

  it.each([
    ['another tenant', ['0', 'nonce-1', 'tenant-b']],
    ['another nonce', ['0', 'nonce-2', 'tenant-a']],
    ['too few cells', ['0', 'nonce-1']],
    ['a null', ['0', null, 'tenant-a']],
  ])('is refused when the context brings back %s', (_label, cells) => {
    expect(reader().row(cells)).toBe('the tenant or the nonce of another request')
  })

  it('is refused when a second context row follows the first', () => {
    const reply = reader()
    reply.row(expected)
    expect(reply.row(expected)).toBe('the tenant or the nonce of another request')
  })

  it('is refused when the context completes without its row', () => {
    expect(reader().complete('SELECT 0')).toBe('a tenant context without its row')
  })

  it('is refused when columns come that were not asked for, or rows without columns', () => {
    expect(reader().rowDescription([column])).toBe('columns that were not asked for')
    expect(proved().row(['hello'])).toBe('a row without columns')
  })

  it('is refused when it holds more or fewer completions than statements', () => {
    const reply = proved()
    expect(reply.ready('I')).toBe('fewer replies than statements')
    expect(reply.complete('SELECT 1')).toBeUndefined()
    expect(reply.complete('SELECT 1')).toBe('more replies than statements')
  })

  it('counts an empty query as a completion', () => {
    const reply = proved()
    expect(reply.empty()).toBeUndefined()
    expect(reply.ready('I')).toMatchObject({ results: [{}, { command: null, rows: [] }] })
  })

  it('says which statement failed, and is refused when a completion follows the error', () => {
    const reply = proved()
    reply.serverError(Object.assign(new Error('no'), { code: '22012', severity: 'ERROR' }))
    expect(reply.ready('I')).toMatchObject({ failedAt: 1, error: { code: '22012' } })
    expect(reply.complete('SELECT 1')).toBe('more replies than statements')
  })

  it("hands out results that hold nothing of pg's client", () => {
    const reply = proved()
    reply.rowDescription([column])
    reply.complete('SELECT 0')
    const { results } = reply.ready('I') as Exclude<ReturnType<ReplyReader['ready']>, string>
    for (const result of results) {
      expect(Object.keys(result)).toEqual(['command', 'rowCount', 'oid', 'rows', 'fields'])
    }
  })

  it("keeps what a caller's type parser throws until the reply is complete", () => {
    const failing = {
      getTypeParser: () => () => {
        throw new Error('no such type')
      },
    }
    const reply = reader({
      ...segment,
      statements: [ownStatement('context'), callerStatement({ text: 'select 1', types: failing })],
    })
    reply.row(expected)
    reply.complete('SELECT 1')
    reply.rowDescription([column])
    expect(reply.row(['x'])).toBeUndefined()
    reply.complete('SELECT 1')
    expect(reply.ready('I')).toMatchObject({ parseFailure: new Error('no such type') })
  })
})

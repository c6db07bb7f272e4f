import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import { createTokenHeader, type RequestHeaders } from '../../../src/router/carrier/header.ts'
import { UNREADABLE_TOKEN } from '../../../src/router/carrier/unreadable-token.ts'
import { issueToken } from '../../../src/router/token/sign.ts'
import { KEYS, token } from '../token/tokens.ts'

const TEXT = issueToken(KEYS, token())
const header = createTokenHeader()

describe('the header of a token', () => {
  it('is written by name and value', () => {
    expect(header.write(TEXT)).toEqual(['x-db-token', TEXT])
    expect(createTokenHeader({ name: 'X-Mine' }).write('x')).toEqual(['x-mine', 'x'])
  })

  it.each(['', 'a\r\nb: c', 'a b', 'x'.repeat(257)])('is not written of %j', (text) => {
    expect(() => header.write(text)).toThrow(RangeError)
  })

  it.each<[string, RequestHeaders]>([
    ['of Node', { 'x-db-token': TEXT }],
    ['of Node, in a list', { 'x-db-token': [TEXT] }],
    ['of Node, beside one that is called get', { get: 'x', 'x-db-token': TEXT }],
    ['of Fetch', new Headers({ 'X-DB-Token': TEXT })],
  ])('is read from headers %s', (_whose, headers) => {
    expect(header.read(headers)).toBe(TEXT)
  })

  it.each<[string, RequestHeaders]>([
    ['of Node', {}],
    ['of Node, when empty', { 'x-db-token': '' }],
    ['of Fetch', new Headers()],
    ['with one in the prototype', Object.create({ 'x-db-token': TEXT }) as RequestHeaders],
  ])('is not there in headers %s', (_whose, headers) => {
    expect(header.read(headers)).toBeUndefined()
  })

  it.each<[string, RequestHeaders]>([
    ['twice, joined', { 'x-db-token': `${TEXT}, ${TEXT}` }],
    ['twice, in a list', { 'x-db-token': [TEXT, TEXT] }],
    ['in an empty list', { 'x-db-token': [] }],
    ['as what no text is', { 'x-db-token': { length: 1, 0: 7 } as unknown as string }],
    ['of 64 kB', { 'x-db-token': 'A'.repeat(65_536) }],
    [
      'twice, of Fetch',
      new Headers([
        ['x-db-token', TEXT],
        ['x-db-token', TEXT],
      ]),
    ],
  ])('is not passed over but refused %s', (_how, headers) => {
    expect(header.read(headers)).toBe(UNREADABLE_TOKEN)
  })

  it.each(['', 'a b', 'a:', 'a\n'])('has no name like %j', (name) => {
    expect(() => createTokenHeader({ name })).toThrow(ConfigError)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bigint, parseTenantId, slug, type TenantParser, uuid } from '../../src/context/tenant-id.ts'
import { TenantInvalidError, TenantRequiredError } from '../../src/errors/tenant.ts'

const UUID = '7b1d4a8e-90ab-4cde-8f01-23456789abcd'
const parsers: readonly [string, TenantParser, string][] = [
  ['uuid', uuid, UUID],
  ['bigint', bigint, '42'],
  ['slug', slug, 'clinic-7'],
]

describe.each(parsers)('the %s tenant parser', (_name, parse, good) => {
  it.each([undefined, null, ''])('asks for a tenant where %j is given', (value) => {
    expect(() => parse(value)).toThrow(TenantRequiredError)
  })

  it.each([
    ["'null'", 'null'],
    ["'undefined'", 'undefined'],
    ['a malformed id', 'a b'],
    ['1 MB of text', '1'.repeat(1024 * 1024)],
    ['a NUL byte behind a good id', `${good}\0`],
    ['a quote behind a good id', `${good}'`],
    ['a newline behind a good id', `${good}\n`],
    ['a lone surrogate', '\ud800'],
    ['an array that prints as a good id', [good]],
    ['an object that prints as a good id', { toString: () => good }],
    ['a String object', new String(good)],
    ['true', true],
    ['NaN', Number.NaN],
    ['a symbol', Symbol('tenant')],
  ])('refuses %s', (_label, value) => {
    expect(() => parse(value)).toThrow(TenantInvalidError)
  })

  it('accepts its own results unchanged, and nothing it accepts could end a setting early', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.string({ unit: 'binary' }),
      fc.uuid(),
      fc.bigInt(),
      fc.integer(),
    )
    fc.assert(
      fc.property(anything, (value) => {
        let id: string
        try {
          id = parse(value)
        } catch (error) {
          return error instanceof TenantInvalidError || error instanceof TenantRequiredError
        }
        return parse(id) === id && /^[A-Za-z0-9_-]{1,63}$/.test(id)
      }),
      { numRuns: 20_000 },
    )
  })

  it('never repeats the refused value in its message', () => {
    expect(() => parse('secret value!')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})

describe('the uuid tenant parser', () => {
  it('folds upper case, so one tenant has one spelling', () => {
    expect(uuid(UUID.toUpperCase())).toBe(UUID)
  })

  it.each([`{${UUID}}`, UUID.replaceAll('-', ''), `urn:uuid:${UUID}`])(
    'refuses the spelling %s, which PostgreSQL would read',
    (value) => {
      expect(() => uuid(value)).toThrow(TenantInvalidError)
    },
  )
})

describe('the bigint tenant parser', () => {
  it.each([42, 42n, '42', -7])('accepts %s', (value) => {
    expect(bigint(value)).toBe(String(value))
  })

  it.each(['9223372036854775808', '-9223372036854775809', '007', '+1', '1e3', '0x1', 2 ** 53, 1.5, '-0'])(
    'refuses %s',
    (value) => {
      expect(() => bigint(value)).toThrow(TenantInvalidError)
    },
  )
})

describe("a tenant parser of the user's", () => {
  it.each([
    ['an empty string', ''],
    ['a number', 7],
    ['undefined', undefined],
    ['a NUL byte', 'a\0b'],
  ])('may not return %s', (_label, result) => {
    const parse = (() => result) as unknown as TenantParser
    expect(() => parseTenantId(parse, 'x')).toThrow(TenantInvalidError)
  })
})

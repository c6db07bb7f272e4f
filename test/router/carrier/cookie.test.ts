import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import { createTokenCookie, type TokenCookieOptions } from '../../../src/router/carrier/cookie.ts'
import { UNREADABLE_TOKEN } from '../../../src/router/carrier/unreadable-token.ts'
import { issueToken } from '../../../src/router/token/sign.ts'
import { readToken } from '../../../src/router/token/verify.ts'
import { KEYS, reader, token } from '../token/tokens.ts'

const TEXT = issueToken(KEYS, token())
const cookie = createTokenCookie({ ttlMs: 30_000 })
const NAME = '__Host-leasehold'

describe('the cookie of a token', () => {
  it('is one that no script and no other host gets at, for as long as the token is good', () => {
    expect(cookie.write(TEXT)).toBe(`${NAME}=${TEXT}; Max-Age=30; Path=/; HttpOnly; Secure; SameSite=Lax`)
  })

  it('can be one for development without TLS', () => {
    const plain = createTokenCookie({
      name: 'db',
      ttlMs: 1_500,
      secure: false,
      sameSite: 'strict',
      path: '/app',
    })
    expect(plain.write('x')).toBe('db=x; Max-Age=2; Path=/app; HttpOnly; SameSite=Strict')
    expect(plain.read('db=x')).toBe('x')
  })

  it.each(['', 'a;b', 'a b', 'a,b', 'a\r\nSet-Cookie: b=c', 'x'.repeat(257)])(
    'is not written of %j',
    (text) => {
      expect(() => cookie.write(text)).toThrow(RangeError)
    },
  )

  it.each([
    ['alone', `${NAME}=${TEXT}`],
    ['among others', `a=b; ${NAME}=${TEXT}; c=d`],
    ['without spaces', `a=b;${NAME}=${TEXT};c=d`],
    ['in quotes', `${NAME}="${TEXT}"`],
    ['with spaces around', `  ${NAME} = ${TEXT}  ;`],
    ['twice the same', `${NAME}=${TEXT}; ${NAME}=${TEXT}`],
    [
      'after names that look like it',
      `x${NAME}=a; ${NAME}x=b; __host-leasehold=c; ${NAME}; =d; ${NAME}=${TEXT}`,
    ],
    ['after a cookie of 60 kB', `a=${'b'.repeat(60_000)}; ${NAME}=${TEXT}`],
  ])('is read %s', (_how, header) => {
    expect(cookie.read(header)).toBe(TEXT)
  })

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['other cookies', 'a=b; c=d'],
    ['its name in the value of another', `a=${NAME}=${TEXT}`],
    ['an empty value', `${NAME}=`],
    ['empty quotes', `${NAME}=""`],
  ])('is not there in %s', (_what, header) => {
    expect(cookie.read(header)).toBeUndefined()
  })

  it.each([
    ['twice, with two values', `${NAME}=${TEXT}; ${NAME}=${TEXT.replace(/^./, 'B')}`],
    ['with what no token has', `${NAME}=${TEXT}%20`],
    ['with half a quote', `${NAME}="${TEXT}`],
    ['of 50 kB', `${NAME}=${'A'.repeat(50_000)}`],
    ['in more than 64 kB', `${NAME}=${TEXT}; ${'a=b; '.repeat(20_000)}`],
  ])('is not passed over but refused %s', (_how, header) => {
    const text = cookie.read(header)
    expect(text).toBe(UNREADABLE_TOKEN)
    expect(readToken(KEYS, text ?? '', reader())).toEqual({ kind: 'refused', why: 'malformed' })
  })

  it('is looked for in hostile headers without a throw, in bounded time', () => {
    const piece = fc.constantFrom(NAME, '=', ';', '"', ' ', TEXT, '\0', '\u00e9', ',', '__proto__', 'a')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((list) => list.join('')),
        ),
        (header) => {
          const text = cookie.read(header)
          return text === undefined || text === UNREADABLE_TOKEN || /^[A-Za-z0-9_-]{1,256}$/.test(text)
        },
      ),
      { numRuns: 20_000 },
    )
    const startedAt = performance.now()
    for (const header of [
      ';'.repeat(65_536),
      `${NAME}=;`.repeat(3_600),
      '='.repeat(1e7),
      ' '.repeat(65_536),
    ]) {
      cookie.read(header)
    }
    expect(performance.now() - startedAt).toBeLessThan(100)
  })

  it.each<[string, Partial<TokenCookieOptions>]>([
    ['a name with a space', { name: 'a b' }],
    ['a name with a line end', { name: 'a\r\n' }],
    ['a path that ends the attribute', { name: 'x', path: '/; Domain=evil' }],
    ['a path that is none', { name: 'x', path: 'app' }],
    ['no TLS with __Host-', { secure: false }],
    ['a path with __Host-', { path: '/app' }],
    ['no TLS with __Secure-', { name: '__secure-x', secure: false }],
    ["no TLS with 'none'", { name: 'x', secure: false, sameSite: 'none' }],
    ['a SameSite that is none', { sameSite: 'toString' as 'lax' }],
    ['no time', { ttlMs: 0 }],
    ['endless time', { ttlMs: Number.POSITIVE_INFINITY }],
  ])('is not made with %s', (_what, options) => {
    expect(() => createTokenCookie({ ttlMs: 30_000, ...options })).toThrow(ConfigError)
  })
})

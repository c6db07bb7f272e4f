import { createTokenCookie, type TokenCookieOptions } from '../../router/carrier/cookie.ts'
import type { TokenCarrier } from '../token-carrier.ts'
import type { NextCookies } from './next-functions.ts'

/** Keeps tokens in a cookie by the functions of Next.js, which takes no header. */
export interface TokenJar {
  readonly carrier: TokenCarrier
  /** The token of a request, as a `Cookie` header. */
  read(cookies: NextCookies): string | undefined
  write(cookies: NextCookies, token: string): void
}

/** As long as tokens are good by default. */
const TTL_MS = 30_000

/** @throws {ConfigError} */
export function createTokenJar(options: Partial<TokenCookieOptions>): TokenJar {
  const given = { ttlMs: TTL_MS, ...options }
  const { secure = true, sameSite = 'lax', path = '/', ttlMs } = given
  const cookie = createTokenCookie(given)
  const { name } = cookie
  const attributes = { httpOnly: true, secure, sameSite, path, maxAge: Math.ceil(ttlMs / 1_000) }
  return {
    carrier: {
      read: ({ cookie: header }) => cookie.read(header),
      write: (token) => ({ name, value: token }),
    },
    read(cookies) {
      // What an action has set is read back by what is rendered behind it, in the same request.
      const found = cookies.get(name)
      return found && `${name}=${found.value}`
    },
    write: (cookies, token) => cookies.set({ name, value: token, ...attributes }),
  }
}

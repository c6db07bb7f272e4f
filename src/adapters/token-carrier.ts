import type { IncomingHttpHeaders } from 'node:http'
import { createTokenCookie, type TokenCookieOptions } from '../router/carrier/cookie.ts'
import { createTokenHeader, type TokenHeaderOptions } from '../router/carrier/header.ts'

/** Carries a token from one response of a client to its next request. */
export interface TokenCarrier {
  read(headers: IncomingHttpHeaders): string | undefined
  /** The header of a response. A cookie is added to those of the application. */
  write(token: string): { readonly name: string; readonly value: string }
}

/** What the adapters take for a carrier: one of ours by its name, or another. */
export type TokenCarrierOption = 'cookie' | 'header' | TokenCarrier

/** As long as tokens are good by default. */
const TTL_MS = 30_000

/** For browsers, which send it by themselves. @throws {ConfigError} */
export function tokenCookie(options: Partial<TokenCookieOptions> = {}): TokenCarrier {
  const cookie = createTokenCookie({ ttlMs: TTL_MS, ...options })
  return {
    read: ({ cookie: header }) => cookie.read(header),
    write: (token) => ({ name: 'set-cookie', value: cookie.write(token) }),
  }
}

/** For clients that are no browsers. @throws {ConfigError} */
export function tokenHeader(options?: TokenHeaderOptions): TokenCarrier {
  const header = createTokenHeader(options)
  return {
    read: (headers) => header.read(headers),
    write: (token) => {
      const [name, value] = header.write(token)
      return { name, value }
    },
  }
}

export function resolveCarrier(option: TokenCarrierOption | undefined): TokenCarrier | undefined {
  if (option === 'cookie') return tokenCookie()
  return option === 'header' ? tokenHeader() : option
}

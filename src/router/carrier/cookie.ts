import { ConfigError } from '../../errors/config.ts'
import { asTokenText, checkTokenText, UNREADABLE_TOKEN } from './unreadable-token.ts'

export interface TokenCookieOptions {
  /**
   * A name that starts with `__Host-` is one that no other host of the same site can set.
   *
   * @default '__Host-leasehold'
   */
  readonly name?: string
  /** Milliseconds for which a token is good. */
  readonly ttlMs: number
  /** @default 'lax' */
  readonly sameSite?: 'strict' | 'lax' | 'none'
  /** Off only for development without TLS, which takes another name too. @default true */
  readonly secure?: boolean
  /** @default '/' */
  readonly path?: string
}

/** Carries a token in a cookie. Both are pure. */
export interface TokenCookie {
  readonly name: string
  /**
   * The token in a `Cookie` header. Never throws.
   *
   * @returns nothing where there is none, and a text that is refused as `malformed` where it cannot be told
   */
  read(cookieHeader: string | undefined): string | undefined
  /** The value of a `Set-Cookie` header. @throws {RangeError} what is not the text of a token */
  write(token: string): string
}

const LONGEST_HEADER = 65_536
/** RFC 9110 `token`. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/
/** RFC 6265 `path-value`, without spaces. */
const PATH = /^\/[!-:<-~]{0,255}$/
const SAME_SITE = { strict: 'Strict', lax: 'Lax', none: 'None' }

/** @throws {ConfigError} a combination that browsers drop the cookie for */
export function createTokenCookie(options: TokenCookieOptions): TokenCookie {
  const { name = '__Host-leasehold', ttlMs, sameSite = 'lax', secure = true, path = '/' } = options
  if (!NAME.test(name)) throw new ConfigError('cookie.name must be a name that a cookie can have.')
  if (!PATH.test(path)) throw new ConfigError("cookie.path must start with '/' and hold no ';' or space.")
  if (!Object.hasOwn(SAME_SITE, sameSite)) {
    throw new ConfigError("cookie.sameSite must be 'strict', 'lax' or 'none'.")
  }
  if (!(ttlMs > 0 && Number.isFinite(ttlMs))) throw new ConfigError('cookie.ttlMs must be a number above 0.')
  const prefix = /^__(?:host|secure)-/i.exec(name)?.[0].toLowerCase()
  if (!secure && (prefix || sameSite === 'none')) {
    throw new ConfigError(
      "cookie.secure: browsers want true for sameSite 'none' and for a name that starts with __Host- or __Secure-.",
    )
  }
  if (prefix === '__host-' && path !== '/') {
    throw new ConfigError("cookie.path: browsers want '/' for a name that starts with __Host-.")
  }
  const attributes =
    `; Max-Age=${Math.ceil(ttlMs / 1000)}; Path=${path}; HttpOnly` +
    `${secure ? '; Secure' : ''}; SameSite=${SAME_SITE[sameSite]}`
  return Object.freeze({
    name,
    read: (header) => readCookie(header, name),
    write: (token) => `${name}=${checkTokenText(token)}${attributes}`,
  } satisfies TokenCookie)
}

function readCookie(header: string | undefined, name: string): string | undefined {
  if (typeof header !== 'string') return undefined
  if (header.length > LONGEST_HEADER) return UNREADABLE_TOKEN
  let found: string | undefined
  for (let start = 0; start < header.length; ) {
    const semicolon = header.indexOf(';', start)
    const end = semicolon < 0 ? header.length : semicolon
    const value = valueIn(header.slice(start, end), name)
    // Somebody else has set one of them, and nothing says which.
    if (value && found !== undefined && found !== value) return UNREADABLE_TOKEN
    if (value) found = value
    start = end + 1
  }
  return found
}

/** The value in a `cookie-pair` of this name. An empty one is a cookie that was taken back. */
function valueIn(pair: string, name: string): string | undefined {
  const equals = pair.indexOf('=')
  if (equals < 0 || pair.slice(0, equals).trim() !== name) return undefined
  const value = pair.slice(equals + 1).trim()
  const quoted = value.length >= 2 && value.startsWith('"') && value.endsWith('"')
  const text = quoted ? value.slice(1, -1) : value
  return text === '' ? undefined : asTokenText(text)
}

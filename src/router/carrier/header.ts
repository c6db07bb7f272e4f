import { ConfigError } from '../../errors/config.ts'
import { asTokenText, checkTokenText, UNREADABLE_TOKEN } from './unreadable-token.ts'

export interface TokenHeaderOptions {
  /** @default 'x-db-token' */
  readonly name?: string
}

/** Headers of a request: of Node, with names in lower case, or of the Fetch standard. */
export type RequestHeaders =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | { get(name: string): string | null }

/** Carries a token in a header of request and response, for clients that are no browsers. Both are pure. */
export interface TokenHeader {
  /** In lower case. */
  readonly name: string
  /**
   * The token in the headers of a request. Never throws.
   *
   * @returns nothing where there is none, and a text that is refused as `malformed` where it cannot be told
   */
  read(headers: RequestHeaders): string | undefined
  /** Name and value of the header of a response. @throws {RangeError} what is not the text of a token */
  write(token: string): readonly [name: string, value: string]
}

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,64}$/

/** @throws {ConfigError} a name that no header can have */
export function createTokenHeader({ name = 'x-db-token' }: TokenHeaderOptions = {}): TokenHeader {
  const key = String(name).toLowerCase()
  if (!NAME.test(key)) throw new ConfigError('header.name must be a name that a header can have.')
  return Object.freeze({
    name: key,
    read: (headers) => readHeader(headers, key),
    write: (token) => [key, checkTokenText(token)],
  } satisfies TokenHeader)
}

function readHeader(headers: RequestHeaders, name: string): string | undefined {
  // A header that is called "get" is a string.
  const value = isFetchHeaders(headers)
    ? headers.get(name)
    : Object.hasOwn(headers, name)
      ? headers[name]
      : undefined
  // The header twice: Node and Fetch join the values with a comma, which no token has.
  const text = typeof value === 'object' && value?.length === 1 ? value[0] : value
  if (text === undefined || text === null || text === '') return undefined
  return typeof text === 'string' ? asTokenText(text) : UNREADABLE_TOKEN
}

function isFetchHeaders(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function'
}

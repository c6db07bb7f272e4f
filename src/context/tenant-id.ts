import { TenantInvalidError, TenantRequiredError } from '../errors/tenant.ts'

declare const brand: unique symbol

/**
 * A tenant id that a {@link TenantParser} has accepted. A plain string does not compile where one is asked
 * for, so an unchecked header or path segment cannot become a tenant by accident.
 */
export type TenantId = string & { readonly [brand]: 'TenantId' }

/**
 * Turns an unknown value into a {@link TenantId}, or throws. It must accept its own results unchanged:
 * the library parses every id again before it is sent.
 *
 * @throws {TenantRequiredError} for `undefined`, `null` and `''`.
 * @throws {TenantInvalidError} for anything else that is not a tenant id.
 */
export type TenantParser = (value: unknown) => TenantId

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const BIGINT = /^(?:0|-?[1-9][0-9]{0,18})$/
const SLUG = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/
const BIGINT_MAX = 9_223_372_036_854_775_807n
const BIGINT_MIN = -9_223_372_036_854_775_808n

/** A `uuid` tenant key, in PostgreSQL's own output form; upper case is folded, other spellings are refused. */
export const uuid: TenantParser = (value) => {
  const id = required(value)
  // PostgreSQL reads five spellings of a uuid; one tenant must have exactly one, or caches and logs see two.
  const folded = id.length === 36 ? id.toLowerCase() : ''
  if (!UUID.test(folded)) throw invalid('a uuid such as 00000000-0000-4000-8000-000000000000')
  return folded as TenantId
}

/** A `bigint` tenant key in decimal digits, as a string, a safe integer or a bigint. */
export const bigint: TenantParser = (value) => {
  const id =
    typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
      ? String(value)
      : required(value)
  if (!BIGINT.test(id) || BigInt(id) > BIGINT_MAX || BigInt(id) < BIGINT_MIN) {
    throw invalid('a 64-bit integer in decimal digits')
  }
  return id as TenantId
}

/** A `text` tenant key: 1 to 63 letters, digits, `_` or `-`, the first a letter or digit; case matters. */
export const slug: TenantParser = (value) => {
  const id = required(value)
  // 'null' and 'undefined' are what a missing value becomes once it went through a template literal.
  if (!SLUG.test(id) || id === 'null' || id === 'undefined') {
    throw invalid('1 to 63 letters, digits, "_" or "-"')
  }
  return id as TenantId
}

/**
 * Runs a parser over a value that may already be a tenant id, and holds its result to what can be sent as a setting.
 *
 * @throws {TenantRequiredError} @throws {TenantInvalidError}
 */
export function parseTenantId(parse: TenantParser, value: unknown): TenantId {
  const id: unknown = parse(value)
  // A parser is the user's code: an empty id would switch the policies to "no tenant", a NUL would end the bind value.
  if (typeof id !== 'string' || id === '' || id.includes('\0') || !id.isWellFormed()) {
    throw invalid('what the tenant parser promises, a non-empty string without NUL and lone surrogates')
  }
  return id as TenantId
}

function required(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    throw new TenantRequiredError(
      'No tenant was given. Pass the id of the tenant that the caller was verified to act for.',
    )
  }
  if (typeof value !== 'string') throw invalid('a string')
  return value
}

function invalid(wanted: string): TenantInvalidError {
  return new TenantInvalidError(
    `The tenant id is not ${wanted}. Take it from a verified identity, and parse it with the parser that ` +
      'matches the tenant column.',
  )
}

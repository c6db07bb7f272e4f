import { createHash } from 'node:crypto'
import { ageToken } from '../token/age-token.ts'
import { type ConsistencyToken, lostAt, type TokenOwner } from '../token/consistency-token.ts'
import { mergeTokens } from '../token/merge-tokens.ts'
import type { TokenKeys } from '../token/token-keys.ts'
import type { TokenReading } from '../token/token-reading.ts'
import { readToken, type TokenReader } from '../token/verify.ts'

/** What is stored for one reader; `absent` where there was nothing. */
export interface StoredTokens {
  readonly high: TokenReading | { readonly kind: 'absent' }
  readonly lost: TokenReading | { readonly kind: 'absent' }
}

const HIGH_PREFIX = 65
const LOST_PREFIX = 15
const ABSENT = { kind: 'absent' } as const
const MALFORMED: TokenReading = { kind: 'refused', why: 'malformed' }

/** Where the tokens of one reader are: a hash, so that who sees the key does not see whose it is. */
export function storeKey(prefix: string, { tenant, subject }: TokenOwner): string {
  // Not keyed, for a change of keys must not lose what is stored. The length keeps ('a', 'bc') from ('ab', 'c').
  const hash = createHash('sha256')
    .update(`${tenant.length}:`)
    .update(tenant, 'utf16le')
    .update(subject, 'utf16le')
  return `${prefix}:${hash.digest('base64url').slice(0, 32)}`
}

/** What `MAX_TOKEN` is told of a token, from its second argument on. */
export function scriptArguments(token: ConsistencyToken, text: string): [string, string, string, string] {
  const lost = lostAt(token)
  return [text, ...positionOrder(token), lost === undefined ? '' : digits(lost, LOST_PREFIX)]
}

/**
 * Takes apart what is stored, and believes none of it: a token must be signed, be this reader's, and stand behind the very prefix
 * that it would be given. Whoever can write to Redis can take tokens away and put old ones back, and no more.
 */
export function readStored(keys: TokenKeys, value: string, reader: TokenReader): StoredTokens {
  const cut = value.indexOf(';')
  if (cut < 0) return { high: MALFORMED, lost: ABSENT }
  return {
    high: readHigh(keys, value.slice(0, cut), reader),
    lost: readLost(keys, value.slice(cut + 1), reader),
  }
}

/** What both demand together. */
export function mergeStored({ high, lost }: StoredTokens): StoredTokens['high'] {
  if (high.kind === 'refused') return high
  if (lost.kind === 'refused') return lost
  if (high.kind === 'valid' && lost.kind === 'valid') {
    return { kind: 'valid', token: mergeTokens(high.token, lost.token) }
  }
  if (high.kind === 'valid' || lost.kind === 'absent') return high
  return lost
}

function readHigh(keys: TokenKeys, stored: string, reader: TokenReader): StoredTokens['high'] {
  if (stored === '') return ABSENT
  const reading = readToken(keys, stored.slice(HIGH_PREFIX), reader)
  if (reading.kind !== 'valid') return reading
  return positionOrder(reading.token).join('') === stored.slice(0, HIGH_PREFIX) ? reading : MALFORMED
}

function readLost(keys: TokenKeys, stored: string, reader: TokenReader): StoredTokens['lost'] {
  if (stored === '') return ABSENT
  const reading = readToken(keys, stored.slice(LOST_PREFIX), reader)
  if (reading.kind !== 'valid') return reading
  const { tenant, subject, issuedAtMs, lostAtMs } = reading.token
  // The time of a loss, or, of a token that gave way to one of another system, when it was issued.
  const time = [lostAtMs, issuedAtMs].find(
    (candidate) => candidate !== undefined && digits(candidate, LOST_PREFIX) === stored.slice(0, LOST_PREFIX),
  )
  return time === undefined
    ? MALFORMED
    : ageToken({ tenant, subject, issuedAtMs: time, position: undefined }, reader)
}

/** The system, and what positions of one system are ordered by. */
function positionOrder({ position, issuedAtMs }: ConsistencyToken): [system: string, order: string] {
  if (!position) return ['', '']
  const { systemId, timeline, lsn } = position
  return [systemId.padStart(20), digits(timeline, 10) + digits(lsn, 20) + digits(issuedAtMs, 15)]
}

function digits(number: number | bigint, width: number): string {
  return number.toString().padStart(width, '0')
}

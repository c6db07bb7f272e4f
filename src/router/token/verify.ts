import { timingSafeEqual } from 'node:crypto'
import { ageToken, type TokenClock } from './age-token.ts'
import type { TokenOwner } from './consistency-token.ts'
import type { TokenKeys } from './token-keys.ts'
import {
  BODY_BYTES,
  OWNER_BYTES,
  ownerTag,
  readBody,
  sealTag,
  TOKEN_LENGTH,
  VERSION,
} from './token-layout.ts'
import type { TokenReading, TokenRefusal } from './token-reading.ts'

/** Who reads, and when. */
export type TokenReader = TokenOwner & TokenClock

const TEXT = /^[A-Za-z0-9_-]*$/

/**
 * Reads what {@link issueToken} wrote, out of hands that cannot be trusted. Never throws, and the work has the same limit for
 * every text. An older token of the same reader is valid: what keeps the newest is the carrier and the scope.
 */
export function readToken(keys: TokenKeys, text: string, reader: TokenReader): TokenReading {
  // The length first: the pattern reads all of the text. Buffer.from() would pass over characters that are not base64url.
  if (typeof text !== 'string' || text.length !== TOKEN_LENGTH || !TEXT.test(text)) return refuse('malformed')
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.readUInt8(0) !== VERSION) return refuse('malformed')
  const kid = bytes.readUInt32BE(1)
  const key = keys.all.find((candidate) => candidate.kid === kid)
  if (!key) return refuse('unknown-key')
  const signed = BODY_BYTES + OWNER_BYTES
  if (!timingSafeEqual(sealTag(key.seal, bytes.subarray(0, signed)), bytes.subarray(signed))) {
    return refuse('signature')
  }
  const owner = ownerTag(key.owner, bytes.subarray(0, BODY_BYTES), reader)
  if (!timingSafeEqual(owner, bytes.subarray(BODY_BYTES, signed))) return refuse('subject')
  const { tenant, subject } = reader
  return ageToken({ ...readBody(bytes), tenant, subject }, reader)
}

function refuse(why: TokenRefusal): TokenReading {
  return { kind: 'refused', why }
}

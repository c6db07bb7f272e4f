import { createHmac, type KeyObject } from 'node:crypto'
import type { ConsistencyToken, TokenOwner } from './consistency-token.ts'

/*
 * A token in bytes, big-endian:
 *
 *   0 version  1 kid  5 flags  6 issued  12 lost  18 system  26 timeline  30 lsn | 38 owner | 50 seal | 66
 *
 * Every token is as long as any other, so that its length says nothing, and 66 bytes are 88 characters of base64url with no
 * bit to spare: two texts never mean the same token.
 */
export const VERSION = 1
export const BODY_BYTES = 38
export const OWNER_BYTES = 12
export const SEAL_BYTES = 16
export const TOKEN_BYTES: number = BODY_BYTES + OWNER_BYTES + SEAL_BYTES
/** How long the text of a token is. */
export const TOKEN_LENGTH: number = (TOKEN_BYTES * 4) / 3

/** As PostgreSQL prints a bigint, and no other spelling: what is read back must be the same text. */
const SYSTEM_ID = /^(?:0|-?[1-9][0-9]{0,18})$/

const HAS_POSITION = 1
const HAS_LOST = 2

/** What the body holds beside the owner. */
export type TokenBody = Omit<ConsistencyToken, keyof TokenOwner>

/**
 * Writes the body into the first bytes.
 *
 * @throws {RangeError} a time, timeline, LSN or system identifier that does not fit
 */
export function writeBody(bytes: Buffer, kid: number, body: TokenBody): void {
  const { position, issuedAtMs, lostAtMs } = body
  const lost = position && lostAtMs
  if (lost !== undefined && lost > issuedAtMs)
    throw new RangeError('A token must not be older than what was lost.')
  bytes.writeUInt8(VERSION, 0)
  bytes.writeUInt32BE(kid, 1)
  bytes.writeUInt8((position ? HAS_POSITION : 0) | (lost === undefined ? 0 : HAS_LOST), 5)
  writeTime(bytes, issuedAtMs, 6)
  if (lost !== undefined) writeTime(bytes, lost, 12)
  if (!position) return
  if (!SYSTEM_ID.test(position.systemId))
    throw new RangeError('A system identifier must be a bigint in digits.')
  // The bigint turns negative in 2038: its upper half is the time of initdb.
  bytes.writeBigInt64BE(BigInt(position.systemId), 18)
  bytes.writeUInt32BE(position.timeline, 26)
  bytes.writeBigUInt64BE(position.lsn, 30)
}

/** Reads what {@link writeBody} wrote. */
export function readBody(bytes: Buffer): TokenBody {
  const flags = bytes.readUInt8(5)
  const issuedAtMs = bytes.readUIntBE(6, 6)
  if ((flags & HAS_POSITION) === 0) return { issuedAtMs, position: undefined }
  const position = {
    systemId: bytes.readBigInt64BE(18).toString(),
    timeline: bytes.readUInt32BE(26),
    lsn: bytes.readBigUInt64BE(30),
  }
  return flags & HAS_LOST
    ? { issuedAtMs, position, lostAtMs: bytes.readUIntBE(12, 6) }
    : { issuedAtMs, position }
}

/** Whose token a body is, in a form that only a holder of the key can check, and that differs from token to token. */
export function ownerTag(key: KeyObject, body: Buffer, { tenant, subject }: TokenOwner): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(tenant.length)
  // UTF-16, for in UTF-8 two ids with different lone surrogates are the same bytes. The length keeps ('a', 'bc') from ('ab', 'c').
  const hmac = createHmac('sha256', key).update(body).update(length)
  return hmac.update(tenant, 'utf16le').update(subject, 'utf16le').digest().subarray(0, OWNER_BYTES)
}

/** The signature over all that goes before it. */
export function sealTag(key: KeyObject, signed: Buffer): Buffer {
  return createHmac('sha256', key).update(signed).digest().subarray(0, SEAL_BYTES)
}

function writeTime(bytes: Buffer, timeMs: number, offset: number): void {
  // writeUIntBE would cut a fraction off without a word.
  if (!Number.isSafeInteger(timeMs)) throw new RangeError('A time in a token must be in whole milliseconds.')
  bytes.writeUIntBE(timeMs, offset, 6)
}

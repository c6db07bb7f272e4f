import type { ConsistencyToken } from './consistency-token.ts'
import type { TokenKeys } from './token-keys.ts'
import { BODY_BYTES, OWNER_BYTES, ownerTag, sealTag, TOKEN_BYTES, writeBody } from './token-layout.ts'

/**
 * Writes a token as 88 letters, digits, `-` and `_`, fit for cookies, headers and URLs. Tenant and subject are in it only as a
 * keyed hash, other in each token. Position and time are signed but not hidden.
 *
 * @throws {RangeError} a part that is out of its range: times are whole milliseconds, a timeline has 32 bits, an LSN 64
 */
export function issueToken(keys: TokenKeys, token: ConsistencyToken): string {
  const { kid, owner, seal } = keys.signing
  const bytes = Buffer.alloc(TOKEN_BYTES)
  writeBody(bytes, kid, token)
  bytes.set(ownerTag(owner, bytes.subarray(0, BODY_BYTES), token), BODY_BYTES)
  const signed = BODY_BYTES + OWNER_BYTES
  bytes.set(sealTag(seal, bytes.subarray(0, signed)), signed)
  return bytes.toString('base64url')
}

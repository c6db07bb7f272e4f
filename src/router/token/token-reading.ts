import type { ConsistencyToken } from './consistency-token.ts'

/**
 * Why a token was refused.
 *
 * - `malformed`: not the text of a token
 * - `unknown-key`: signed with a key that is not among ours (any more)
 * - `signature`: changed, or made by somebody else
 * - `subject`: given to another tenant or subject
 * - `future`: issued later than now, by more than clocks may differ
 */
export type TokenRefusal = 'malformed' | 'unknown-key' | 'signature' | 'subject' | 'future'

/** What came of reading a token. What each demands is said at `demandOf`. */
export type TokenReading =
  | { readonly kind: 'valid'; readonly token: ConsistencyToken }
  | { readonly kind: 'expired' }
  | { readonly kind: 'refused'; readonly why: TokenRefusal }

import type { ConsistencyToken } from './consistency-token.ts'
import type { TokenReading } from './token-reading.ts'

/** What a token's age is judged by, in milliseconds. */
export interface TokenClock {
  readonly nowMs: number
  /** For how long a token is good. A replica that lags for longer must not be read from. */
  readonly ttlMs: number
  /** How far the clock of who issued a token may be ahead of this one; so much longer it may hold. */
  readonly clockSkewMs: number
}

/** What is left of a token at this time. */
export function ageToken(token: ConsistencyToken, clock: TokenClock): TokenReading {
  const { issuedAtMs, lostAtMs } = token
  // Asked so that NaN refuses.
  if (!(issuedAtMs <= clock.nowMs + clock.clockSkewMs)) return { kind: 'refused', why: 'future' }
  if (isOver(issuedAtMs, clock)) return { kind: 'expired' }
  if (lostAtMs === undefined || !isOver(lostAtMs, clock)) return { kind: 'valid', token }
  return { kind: 'valid', token: { ...token, lostAtMs: undefined } }
}

function isOver(timeMs: number, { nowMs, ttlMs }: TokenClock): boolean {
  return nowMs - timeMs >= ttlMs
}

import { lostAt } from './consistency-token.ts'
import type { TokenReading, TokenRefusal } from './token-reading.ts'
import type { WalPosition } from './wal-position.ts'

/**
 * Why only the primary will do: the token was refused, or
 *
 * - `unknown`: nobody knows what the reader must see, for the position of its write was lost
 * - `other-system`: the position is one of another cluster
 * - `other-timeline`: it is from before or after a failover, and may be one that got lost
 * - `beyond-primary`: it is one that the primary has never been at, or not since it was restored or has crashed
 */
export type PrimaryReason = TokenRefusal | 'unknown' | 'other-system' | 'other-timeline' | 'beyond-primary'

/** What a read must see. */
export type Demand =
  | { readonly kind: 'none' }
  | { readonly kind: 'position'; readonly position: WalPosition }
  | { readonly kind: 'primary'; readonly reason: PrimaryReason }

/** The highest position that is known of the primary. */
export interface PrimaryPosition extends WalPosition {
  /**
   * Just before the primary was asked for it, in milliseconds since 1970, less what clocks may differ by. A token that was issued
   * later may well be above it, and is believed. By default it is taken for where the primary is now.
   */
  readonly seenAtMs?: number
}

/**
 * What a token demands of this request:
 *
 * - `expired`: nothing. No replica that lags for as long as the time to live is read from.
 * - `refused`: the primary, for this request only, since what the token stood for cannot be known and must not be missed. What
 *   the primary answers is at least as new as that. So a new token with the position of that answer has to take the place of
 *   the refused one, and not to be merged with it: then the next request is free again, whatever the old token said.
 *   Whoever keeps sending the same bad text has itself served by the primary, as it could by any write, and nobody else.
 * - `valid` without a position: the primary, until the time to live is over. With one: a server that has replayed so much, or
 *   the primary where its timeline or system is another. Above the primary's own position: as if refused.
 *
 * An older token of the same reader, played back, is a demand that is weaker than what the reader is owed, and nothing in it
 * shows that. It cheats nobody but who does it: the browser keeps the last cookie, the scope of a request the highest
 * of all that it sees, and the store in Redis the highest of all requests, merged with what the browser sends.
 *
 * @param primary nothing where it is not known; then the position is demanded as it is. Whoever looks for a server that satisfies
 *   it has to compare system and timeline too.
 */
export function demandOf(reading: TokenReading, primary: PrimaryPosition | undefined): Demand {
  if (reading.kind === 'expired') return { kind: 'none' }
  if (reading.kind === 'refused') return { kind: 'primary', reason: reading.why }
  const { position, issuedAtMs } = reading.token
  if (!position || lostAt(reading.token) !== undefined) return { kind: 'primary', reason: 'unknown' }
  const demand: Demand = { kind: 'position', position }
  if (!primary) return demand
  if (position.systemId !== primary.systemId) return { kind: 'primary', reason: 'other-system' }
  if (position.timeline !== primary.timeline) return { kind: 'primary', reason: 'other-timeline' }
  const couldKnow = issuedAtMs <= (primary.seenAtMs ?? Number.POSITIVE_INFINITY)
  return position.lsn > primary.lsn && couldKnow ? { kind: 'primary', reason: 'beyond-primary' } : demand
}

import { type ConsistencyToken, lostAt } from './consistency-token.ts'
import type { Demand } from './demand.ts'
import type { WalPosition } from './wal-position.ts'

/**
 * The higher of two positions: that of the newer timeline, and on one timeline the higher LSN. Positions of different systems
 * cannot be compared, and the later one is taken.
 *
 * @returns one of the two, and `earlier` itself where `later` is not above it
 */
export function mergePositions(earlier: WalPosition, later: WalPosition): WalPosition {
  if (earlier.systemId !== later.systemId) return later
  // A new timeline starts where it left the old one, so that its positions are above all of the old one that survived.
  if (earlier.timeline !== later.timeline) return earlier.timeline > later.timeline ? earlier : later
  return earlier.lsn >= later.lsn ? earlier : later
}

/**
 * One token that demands what two tokens of one reader demand together. Its age is that of the younger, so that what either
 * stands for is demanded for as long as either would; the hold to the primary has an age of its own, and never gets longer.
 *
 * @throws {RangeError} tokens of different readers
 */
export function mergeTokens(one: ConsistencyToken, other: ConsistencyToken): ConsistencyToken {
  const { tenant, subject } = one
  if (tenant !== other.tenant || subject !== other.subject) {
    throw new RangeError(
      'Tokens of different tenants or subjects were to be merged. Keep one maximum for each of them.',
    )
  }
  const [earlier, later] = one.issuedAtMs <= other.issuedAtMs ? [one, other] : [other, one]
  const lost = [lostAt(earlier), lostAt(later)]
  let position = later.position ?? earlier.position
  if (earlier.position && later.position) {
    position = mergePositions(earlier.position, later.position)
    // What the older one stands for cannot be looked for in the newer one's system.
    if (earlier.position.systemId !== later.position.systemId) lost.push(earlier.issuedAtMs)
  }
  const times = lost.filter((time) => time !== undefined)
  const lostAtMs = position && times.length > 0 ? Math.max(...times) : undefined
  return { tenant, subject, issuedAtMs: later.issuedAtMs, position, lostAtMs }
}

/** What satisfies two demands: the primary satisfies every demand, and so it does where neither position can tell. */
export function mergeDemands(one: Demand, other: Demand): Demand {
  if (one.kind === 'primary' || other.kind === 'none') return one
  if (other.kind === 'primary' || one.kind === 'none') return other
  if (one.position.systemId !== other.position.systemId) return { kind: 'primary', reason: 'other-system' }
  return mergePositions(one.position, other.position) === one.position ? one : other
}

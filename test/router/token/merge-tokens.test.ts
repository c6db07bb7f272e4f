import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ageToken } from '../../../src/router/token/age-token.ts'
import type { ConsistencyToken } from '../../../src/router/token/consistency-token.ts'
import { type Demand, demandOf } from '../../../src/router/token/demand.ts'
import { mergeDemands, mergePositions, mergeTokens } from '../../../src/router/token/merge-tokens.ts'
import type { WalPosition } from '../../../src/router/token/wal-position.ts'
import { at, closePosition, NOW_MS, reader, TTL_MS, token } from './tokens.ts'

const anyToken: fc.Arbitrary<ConsistencyToken> = fc
  .record({
    ago: fc.nat(40_000),
    position: fc.option(closePosition, { nil: undefined }),
    lost: fc.nat(40_000),
  })
  .map(({ ago, position, lost }) => {
    const issuedAtMs = NOW_MS - ago
    const lostAtMs = position && lost % 3 === 0 ? issuedAtMs - lost : undefined
    return token({ issuedAtMs, position, lostAtMs })
  })

const demandAt = (merged: ConsistencyToken, nowMs: number, primary?: WalPosition): Demand =>
  demandOf(ageToken(merged, reader({ nowMs })), primary)

/** Whether a server at this position may serve. */
const serves = (demand: Demand, server: WalPosition) =>
  demand.kind === 'none' ||
  (demand.kind === 'position' &&
    demand.position.systemId === server.systemId &&
    demand.position.timeline === server.timeline &&
    demand.position.lsn <= server.lsn)

describe('the higher of two positions', () => {
  it('is that of the higher LSN, or of the newer timeline', () => {
    const [low, high, newer] = [at(5n), at(6n), at(1n, { timeline: 2 })]
    expect(mergePositions(low, high)).toBe(high)
    expect(mergePositions(high, low)).toBe(high)
    expect(mergePositions(high, newer)).toBe(newer)
    expect(mergePositions(newer, high)).toBe(newer)
  })

  it('is the one that was there, where the other is the same', () => {
    const before = at(5n)
    expect(mergePositions(before, at(5n))).toBe(before)
  })

  it('is the later one where they are of two systems', () => {
    const [old, moved] = [at(500n), at(1n, { systemId: '1' })]
    expect(mergePositions(old, moved)).toBe(moved)
  })
})

describe('two tokens in one', () => {
  /** A token from before a failover asks for the primary by itself; beside one from after it there is no need to. */
  const isOlderHistory = ({ position }: ConsistencyToken, server: WalPosition) =>
    position !== undefined && position.systemId === server.systemId && position.timeline < server.timeline

  it('demand the primary for as long as a loss lives, and the position for longer', () => {
    const loss = token({ position: undefined, issuedAtMs: NOW_MS - 20_000 })
    const write = token({ position: at(9n) })
    for (const merged of [mergeTokens(loss, write), mergeTokens(write, loss)]) {
      expect(demandAt(merged, NOW_MS + 9_999).kind).toBe('primary')
      expect(demandAt(merged, NOW_MS + 10_000)).toEqual({ kind: 'position', position: at(9n) })
      expect(demandAt(merged, NOW_MS + TTL_MS).kind).toBe('none')
    }
  })

  it('are refused of two readers', () => {
    expect(() => mergeTokens(token(), token({ tenant: 'other' }))).toThrow(RangeError)
    expect(() => mergeTokens(token(), token({ subject: 'other' }))).toThrow(RangeError)
  })

  it('let no server serve that one of them would not have', () => {
    const later = fc.nat(80_000)
    fc.assert(
      fc.property(anyToken, anyToken, closePosition, later, (one, other, primary, ms) => {
        // The primary has left the older systems and timelines behind.
        const known = [one.position, other.position].filter((position) => position !== undefined)
        const [a, b] = one.issuedAtMs <= other.issuedAtMs ? [one, other] : [other, one]
        const newest = [a.position, b.position, { ...primary, lsn: 9n }]
          .filter((position) => position !== undefined)
          .reduce(mergePositions)
        const server = { ...newest, lsn: primary.lsn }
        fc.pre(
          known.every(
            ({ timeline, systemId }) => systemId !== server.systemId || timeline <= server.timeline,
          ),
        )
        const now = NOW_MS + ms
        const top = { ...newest, lsn: 9n }
        const merged = mergeTokens(one, other)
        if (serves(demandAt(merged, now, top), server)) {
          expect(serves(demandAt(one, now, top), server) || isOlderHistory(one, server)).toBe(true)
          expect(serves(demandAt(other, now, top), server) || isOlderHistory(other, server)).toBe(true)
        }
      }),
      { numRuns: 20_000 },
    )
  })

  it('hold nobody to the primary for longer than one of them would have', () => {
    fc.assert(
      fc.property(anyToken, anyToken, fc.nat(80_000), (one, other, ms) => {
        const now = NOW_MS + ms
        const merged = demandAt(mergeTokens(one, other), now)
        const sameSystem =
          one.position?.systemId === other.position?.systemId || !one.position || !other.position
        if (merged.kind === 'primary' && sameSystem) {
          expect([demandAt(one, now).kind, demandAt(other, now).kind]).toContain('primary')
        }
      }),
      { numRuns: 20_000 },
    )
  })

  it('are the same in whatever order they are merged, on one system', () => {
    const onOne = anyToken.filter(({ position }) => position?.systemId !== '2')
    fc.assert(
      fc.property(onOne, onOne, onOne, (a, b, c) => {
        expect(mergeTokens(a, b)).toEqual(mergeTokens(b, a))
        expect(mergeTokens(mergeTokens(a, b), c)).toEqual(mergeTokens(a, mergeTokens(b, c)))
        expect(mergeTokens(a, mergeTokens(a, b))).toEqual(mergeTokens(a, b))
      }),
      { numRuns: 5_000 },
    )
  })

  it('of two systems demand the primary for as long as the older one would have', () => {
    const old = token({ issuedAtMs: NOW_MS - 10_000, position: at(500n) })
    const moved = token({ position: at(1n, { systemId: '1' }) })
    const merged = mergeTokens(old, moved)
    expect(demandAt(merged, NOW_MS + 19_999, at(9n, { systemId: '1' })).kind).toBe('primary')
    expect(demandAt(merged, NOW_MS + 20_000, at(9n, { systemId: '1' })).kind).toBe('position')
  })
})

describe('two demands in one', () => {
  const position = (lsn: bigint, systemId = '1'): Demand => ({
    kind: 'position',
    position: at(lsn, { systemId }),
  })
  const primary: Demand = { kind: 'primary', reason: 'unknown' }
  const none: Demand = { kind: 'none' }

  it.each([
    ['nothing and nothing', none, none, none],
    ['nothing and a position', none, position(1n), position(1n)],
    ['a position and the primary', position(1n), primary, primary],
    ['nothing and the primary', none, primary, primary],
    ['two positions', position(1n), position(2n), position(2n)],
    [
      'positions of two systems',
      position(1n),
      position(2n, '2'),
      { kind: 'primary', reason: 'other-system' },
    ],
  ])('are satisfied by what satisfies both: %s', (_what, one, other, both) => {
    expect(mergeDemands(one, other)).toEqual(both)
    expect(mergeDemands(other, one)).toEqual(both)
  })
})

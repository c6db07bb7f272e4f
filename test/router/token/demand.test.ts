import { describe, expect, it } from 'vitest'
import { type Demand, demandOf } from '../../../src/router/token/demand.ts'
import { issueToken } from '../../../src/router/token/sign.ts'
import type { TokenReading, TokenRefusal } from '../../../src/router/token/token-reading.ts'
import { readToken } from '../../../src/router/token/verify.ts'
import { at, KEYS, NOW_MS, reader, TTL_MS, token } from './tokens.ts'

const valid = (parts: Parameters<typeof token>[0]): TokenReading => ({ kind: 'valid', token: token(parts) })
const primaryFor = (reason: string) => ({ kind: 'primary', reason })

describe('what a token demands', () => {
  it('is nothing once it has expired', () => {
    expect(demandOf({ kind: 'expired' }, at(100n))).toEqual({ kind: 'none' })
  })

  it.each<TokenRefusal>(['malformed', 'unknown-key', 'signature', 'subject', 'future'])(
    'is the primary where it was refused as %s',
    (why) => {
      expect(demandOf({ kind: 'refused', why }, at(100n))).toEqual(primaryFor(why))
    },
  )

  it('is its position, up to where the primary is', () => {
    const demand = { kind: 'position', position: at(100n) }
    expect(demandOf(valid({ position: at(100n) }), at(100n))).toEqual(demand)
    expect(demandOf(valid({ position: at(100n) }), at(101n))).toEqual(demand)
    expect(demandOf(valid({ position: at(100n) }), undefined)).toEqual(demand)
  })

  it('is the primary where the position of a write was lost', () => {
    expect(demandOf(valid({ position: undefined }), at(100n))).toEqual(primaryFor('unknown'))
    expect(demandOf(valid({ lostAtMs: NOW_MS }), undefined)).toEqual(primaryFor('unknown'))
  })

  it('is the primary where its position cannot be compared with, or was not reached by, the primary', () => {
    const primary = at(100n, { timeline: 2 })
    const judge = (position: ReturnType<typeof at>) => demandOf(valid({ position }), primary)
    expect(judge(at(50n, { timeline: 2, systemId: '1' }))).toEqual(primaryFor('other-system'))
    expect(judge(at(50n, { timeline: 1 }))).toEqual(primaryFor('other-timeline'))
    expect(judge(at(50n, { timeline: 3 }))).toEqual(primaryFor('other-timeline'))
    expect(judge(at(101n, { timeline: 2 }))).toEqual(primaryFor('beyond-primary'))
  })

  it('is believed where it is younger than what is known of the primary', () => {
    const position = at(101n)
    const judge = (seenAtMs: number) => demandOf(valid({ position }), { ...at(100n), seenAtMs }).kind
    expect(judge(NOW_MS - 1)).toBe('position')
    expect(judge(NOW_MS)).toBe('primary')
  })
})

describe('a hostile token', () => {
  const NEWEST = 100n
  const mine = issueToken(KEYS, token({ position: at(NEWEST) }))
  const foreign = issueToken(KEYS, token({ subject: 'other', position: at(1n) }))
  const future = issueToken(KEYS, token({ issuedAtMs: NOW_MS + 1e10, position: undefined }))
  const lost = issueToken(KEYS, token({ position: undefined }))
  const tampered = mine.slice(0, 40) + (mine[40] === 'A' ? 'B' : 'A') + mine.slice(41)
  const ask = (text: string, nowMs: number): Demand =>
    demandOf(readToken(KEYS, text, reader({ nowMs })), at(NEWEST))

  it.each([
    ['tampered with', tampered],
    ['foreign', foreign],
    ['from the far future', future],
  ])('%s never lets a replica serve', (_what, text) => {
    for (const age of [0, 1, TTL_MS - 1, TTL_MS, TTL_MS * 10]) {
      expect(ask(text, NOW_MS + age).kind).toBe('primary')
    }
  })

  it('that holds to the primary stops doing so after the time to live, and so does one that was issued ahead', () => {
    expect(ask(lost, NOW_MS + TTL_MS - 1).kind).toBe('primary')
    expect(ask(lost, NOW_MS + TTL_MS).kind).toBe('none')
    const ahead = issueToken(KEYS, token({ issuedAtMs: NOW_MS + 1_000, position: undefined }))
    expect(ask(ahead, NOW_MS + 1_000 + TTL_MS).kind).toBe('none')
  })
})

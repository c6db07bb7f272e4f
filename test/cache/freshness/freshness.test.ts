import { describe, expect, it } from 'vitest'
import { drawTtl, judgeAge, keptMs } from '../../../src/cache/freshness/freshness.ts'
import { randomFrom } from '../key/generated-keys.ts'

const RULES = { ttlMs: 1_000, jitter: 0.1, early: 1, staleMs: 200, graceMs: 300, negativeTtlMs: 50 }
const BORN = 1_795_392_000_000
const LATE = 1

const judgeAt = (ageMs: number, random = LATE, rules = RULES) =>
  judgeAge(rules, { bornAtMs: BORN, ttlMs: 1_000, loadMs: 10 }, BORN + ageMs, random)

describe('A value', () => {
  it.each([
    [0, 'fresh'],
    [999, 'fresh'],
    [1_000, 'stale'],
    [1_199, 'stale'],
    [1_200, 'grace'],
    [1_499, 'grace'],
    [1_500, 'expired'],
    [Number.MAX_SAFE_INTEGER, 'expired'],
  ])('%d ms after its load is %s', (ageMs, freshness) => {
    expect(judgeAt(ageMs)).toBe(freshness)
  })

  it('expires at once where it may be neither stale nor served in grace', () => {
    expect(judgeAt(1_000, LATE, { ...RULES, staleMs: 0, graceMs: 0 })).toBe('expired')
    expect(judgeAt(1_000, LATE, { ...RULES, staleMs: 0 })).toBe('grace')
  })

  it('that comes from a clock ahead of this one is fresh, not younger than new', () => {
    expect(judgeAt(-5_000)).toBe('fresh')
  })

  it('is kept by Redis for as long as it may be served at all, and no longer', () => {
    const kept = keptMs(RULES, 1_000)
    expect(judgeAt(kept - 1)).toBe('grace')
    expect(judgeAt(kept)).toBe('expired')
  })
})

describe('The early lot', () => {
  it('is drawn the likelier the nearer the end is and the longer the load takes', () => {
    // XFetch: age - load * beta * ln(random) >= ttl.
    expect(judgeAt(980, Math.exp(-2.01))).toBe('early')
    expect(judgeAt(980, Math.exp(-1.99))).toBe('fresh')
    expect(judgeAt(900, Math.exp(-9.99))).toBe('fresh')
    expect(judgeAt(900, Math.exp(-10.01))).toBe('early')
    expect(judgeAt(980, Math.exp(-1.01), { ...RULES, early: 2 })).toBe('early')
  })

  it('is drawn by the share of callers that the formula says', () => {
    const random = randomFrom(11)
    let early = 0
    for (let draw = 0; draw < 100_000; draw += 1) if (judgeAt(985, 1 - random()) === 'early') early += 1
    expect(early / 100_000).toBeCloseTo(Math.exp(-1.5), 2)
  })

  it('is never drawn where it is off, and never makes an old value young', () => {
    expect(judgeAt(999, Number.MIN_VALUE, { ...RULES, early: 0 })).toBe('fresh')
    expect(judgeAt(1_000, Number.MIN_VALUE)).toBe('stale')
    expect(judgeAt(1_500, Number.MIN_VALUE)).toBe('expired')
  })
})

describe('A time to live', () => {
  it('is shortened by up to the jitter, and never lengthened', () => {
    expect([0, 0.5, 1].map((random) => drawTtl(RULES, false, random))).toEqual([1_000, 950, 900])
    expect(drawTtl({ ...RULES, jitter: 0 }, false, 1)).toBe(1_000)
  })

  it('is another for what is not there', () => {
    expect([0, 1].map((random) => drawTtl(RULES, true, random))).toEqual([50, 45])
  })

  it('is at least a millisecond: Redis knows no less', () => {
    expect(drawTtl({ ...RULES, ttlMs: 1, jitter: 1 }, false, 1)).toBe(1)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RandomBalancer } from '../../../src/router/balance/random.ts'
import { drawByWeight } from '../../../src/router/balance/weighted-draw.ts'
import { anyCandidates, anyRandom, candidate, countPicks } from './support/candidates.ts'

describe('the random balancer', () => {
  it('sends each replica its share by weight', () => {
    const candidates = [candidate('a', 1), candidate('b', 3), candidate('c', 6)]
    const counts = countPicks(new RandomBalancer(), candidates, 20_000)
    expect((counts.a ?? 0) / 20_000).toBeCloseTo(0.1, 1.7)
    expect((counts.b ?? 0) / 20_000).toBeCloseTo(0.3, 1.7)
    expect((counts.c ?? 0) / 20_000).toBeCloseTo(0.6, 1.7)
  })

  it('maps stretches of the random number to replicas in order', () => {
    const candidates = [candidate('a', 1), candidate('b', 3)]
    const picked = [0, 0.2499, 0.25, 0.9999].map(
      (random) => new RandomBalancer().pick(candidates, random)?.id,
    )
    expect(picked).toEqual(['a', 'a', 'b', 'b'])
  })

  it('leaves a random number that is again in [0, 1), whatever the weights', () => {
    const property = fc.property(anyCandidates, anyRandom, (candidates, random) => {
      const draw = drawByWeight(candidates, random)
      expect(draw === undefined).toBe(candidates.length === 0)
      if (!draw) return
      expect(candidates).toContain(draw.drawn)
      expect(draw.random).toBeGreaterThanOrEqual(0)
      expect(draw.random).toBeLessThan(1)
    })
    fc.assert(property, { numRuns: 1_000 })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RoundRobinBalancer } from '../../../src/router/balance/round-robin.ts'
import { candidate, countPicks } from './support/candidates.ts'

const IDS = ['r0', 'r1', 'r2', 'r3', 'r4']

/** A set of replicas that are candidates, as bits, for a number of turns. */
const churn = fc.array(fc.tuple(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 9 })), {
  maxLength: 60,
})

describe('round robin', () => {
  it('mixes the turns of weighted replicas and does not bunch them', () => {
    const balancer = new RoundRobinBalancer()
    const candidates = [candidate('a', 5), candidate('b'), candidate('c')]
    const picks = Array.from({ length: 14 }, () => balancer.pick(candidates)?.id)
    expect(picks.join('')).toBe('aabacaaaabacaa')
  })

  it('gives each replica exactly its share of a round', () => {
    const candidates = [candidate('a', 1), candidate('b', 2), candidate('c', 4)]
    expect(countPicks(new RoundRobinBalancer(), candidates, 700)).toEqual({ a: 100, b: 200, c: 400 })
  })

  it('shares every stretch of turns fairly, whoever came and went before', () => {
    const property = fc.property(churn, fc.nat({ max: 40 }), (steps, length) => {
      const balancer = new RoundRobinBalancer()
      for (const [present, turns] of steps) {
        const candidates = IDS.filter((_, bit) => present & (1 << bit)).map((id) => candidate(id))
        countPicks(balancer, candidates, turns)
      }
      const all = IDS.map((id) => candidate(id))
      for (const count of Object.values(countPicks(balancer, all, length))) {
        expect(Math.abs(count - length / IDS.length)).toBeLessThanOrEqual(4)
      }
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('shares fairly where every other read has its own candidates', () => {
    const balancer = new RoundRobinBalancer()
    const [a, b, c] = [candidate('a'), candidate('b'), candidate('c')]
    const counts = { a: 0, b: 0, c: 0 } as Record<string, number>
    for (let i = 0; i < 900; i += 1) {
      const picked = balancer.pick(i % 2 ? [a, b, c] : [a, b])
      if (picked) counts[picked.id] = (counts[picked.id] ?? 0) + 1
    }
    expect(counts.a).toBeGreaterThan(370)
    expect(counts.b).toBeGreaterThan(370)
    expect(counts.c).toBeGreaterThan(145)
  })

  it('shares fairly where a replica stands at another place of the list each time', () => {
    const balancer = new RoundRobinBalancer()
    const [a, b, c] = [candidate('a'), candidate('b'), candidate('c')]
    const picks = Array.from({ length: 400 }, (_, i) => balancer.pick(i % 2 ? [a, b] : [c, a])?.id)
    expect(Math.abs(picks.filter((id) => id === 'a').length - 200)).toBeLessThanOrEqual(2)
  })

  it('sends no burst to a replica that was away for long, nor starves it', () => {
    const balancer = new RoundRobinBalancer()
    const others = [candidate('b'), candidate('c')]
    const all = [candidate('a'), ...others]
    countPicks(balancer, all, 100)
    countPicks(balancer, others, 5_000)
    const { a = 0 } = countPicks(balancer, all, 30)
    expect(a).toBeGreaterThanOrEqual(9)
    expect(a).toBeLessThanOrEqual(11)
  })

  it('forgets replicas that are gone for good, and stays fair for the rest', () => {
    const balancer = new RoundRobinBalancer()
    const staying = [candidate('a'), candidate('b')]
    for (let i = 0; i < 100; i += 1) balancer.pick([candidate(`gone-${i}`), ...staying])
    countPicks(balancer, staying, 10_001)
    balancer.pick([candidate('new'), ...staying])
    expect(balancer.size).toBe(3)
    const { a = 0, b = 0 } = countPicks(balancer, staying, 1_000)
    expect(Math.abs(a - b)).toBeLessThanOrEqual(2)
  })
})

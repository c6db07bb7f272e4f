import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadOf } from '../../../src/router/balance/load.ts'
import { TwoChoicesBalancer } from '../../../src/router/balance/two-choices.ts'
import { anyCandidates, anyRandom, candidate, countPicks } from './support/candidates.ts'

const CALLS = 20_000

describe('two choices', () => {
  it('never takes the single busiest one of several', () => {
    const property = fc.property(anyCandidates, anyRandom, (candidates, random) => {
      const picked = new TwoChoicesBalancer().pick(candidates, random)
      const others = candidates.filter((other) => other !== picked)
      if (picked && others.length > 0) {
        expect(loadOf(picked)).toBeLessThanOrEqual(Math.max(...others.map(loadOf)))
      }
    })
    fc.assert(property, { numRuns: 1_000 })
  })

  it('takes the less busy of two, whatever is drawn', () => {
    const counts = countPicks(
      new TwoChoicesBalancer(),
      [candidate('busy', 1, 5), candidate('free', 1, 4)],
      200,
    )
    expect(counts).toEqual({ busy: 0, free: 200 })
  })

  it('sends each replica its share by weight where nobody is busy', () => {
    const candidates = [candidate('a', 1), candidate('b', 3), candidate('c', 6)]
    const counts = countPicks(new TwoChoicesBalancer(), candidates, CALLS)
    expect(Math.abs((counts.a ?? 0) / CALLS - 0.1)).toBeLessThan(0.015)
    expect(Math.abs((counts.b ?? 0) / CALLS - 0.3)).toBeLessThan(0.015)
    expect(Math.abs((counts.c ?? 0) / CALLS - 0.6)).toBeLessThan(0.015)
  })

  it('draws the second choice independently of the first', () => {
    // Whatever is drawn first, it loses against a free one: so who is picked shows who was drawn second.
    const free = ['a', 'b', 'c', 'd'].map((id) => candidate(id, 0.5, 0))
    const candidates = [candidate('busy', 0.5, 9), ...free]
    const counts = countPicks(new TwoChoicesBalancer(), candidates, CALLS)
    expect(counts.busy).toBe(0)
    for (const id of ['a', 'b', 'c', 'd']) {
      expect(Math.abs((counts[id] ?? 0) / CALLS - 0.25)).toBeLessThan(0.015)
    }
  })
})

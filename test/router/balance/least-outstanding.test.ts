import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LeastOutstandingBalancer } from '../../../src/router/balance/least-outstanding.ts'
import { loadOf } from '../../../src/router/balance/load.ts'
import { anyCandidates, candidate, countPicks } from './support/candidates.ts'

describe('least outstanding', () => {
  it('takes a replica that none is less busy than', () => {
    const property = fc.property(anyCandidates, (candidates) => {
      const picked = new LeastOutstandingBalancer().pick(candidates)
      if (picked) expect(loadOf(picked)).toBe(Math.min(...candidates.map(loadOf)))
    })
    fc.assert(property, { numRuns: 1_000 })
  })

  it('counts what is outstanding for each unit of weight', () => {
    const picked = new LeastOutstandingBalancer().pick([candidate('small', 1, 2), candidate('large', 4, 6)])
    expect(picked?.id).toBe('large')
  })

  it('has equally busy replicas take turns', () => {
    const candidates = [candidate('a', 1, 3), candidate('busy', 1, 4), candidate('b', 1, 3)]
    expect(countPicks(new LeastOutstandingBalancer(), candidates, 100)).toEqual({ a: 50, busy: 0, b: 50 })
  })

  it('picks somebody though weights grow while it looks', () => {
    let now = 0
    const warming = ['a', 'b'].map((id) => ({
      ...candidate(id, 1, 3),
      get weight() {
        now += 0.001
        return 0.1 + now
      },
    }))
    expect(warming).toContain(new LeastOutstandingBalancer().pick(warming))
  })

  it('gives a warming replica its small share where nobody is busy', () => {
    const candidates = [candidate('cold', 0.1), candidate('warm', 0.9)]
    expect(countPicks(new LeastOutstandingBalancer(), candidates, 100)).toEqual({ cold: 10, warm: 90 })
  })
})

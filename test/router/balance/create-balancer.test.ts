import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BALANCE_NAMES, createBalancer } from '../../../src/router/balance/create-balancer.ts'
import { anyCandidates, anyRandom, candidate } from './support/candidates.ts'

describe.each(BALANCE_NAMES)('the balancer %s', (name) => {
  it('picks one of the candidates, and nothing only where there are none', () => {
    const balancer = createBalancer(name)
    const property = fc.property(anyCandidates, anyRandom, (candidates, random) => {
      const picked = balancer.pick(candidates, random)
      if (candidates.length === 0) expect(picked).toBeUndefined()
      else expect(candidates).toContain(picked)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('returns the caller its own object', () => {
    const own = { ...candidate('a'), pool: 'mine' }
    expect(createBalancer(name).pick([own], 0.5)?.pool).toBe('mine')
  })
})

import fc from 'fast-check'
import type { Balancer, Candidate } from '../../../../src/router/balance/candidate.ts'
import { Random } from '../../../support/random.ts'

export function candidate(id: string, weight = 1, outstanding = 0, az?: string): Candidate {
  return { id, weight, outstanding, az }
}

/** How often each candidate is picked in so many calls. */
export function countPicks(
  balancer: Balancer,
  candidates: readonly Candidate[],
  calls: number,
  seed = 7,
): Record<string, number> {
  const random = new Random(seed)
  const counts: Record<string, number> = Object.fromEntries(candidates.map(({ id }) => [id, 0]))
  for (let i = 0; i < calls; i += 1) {
    const picked = balancer.pick(candidates, random.below(2 ** 30) / 2 ** 30)
    if (picked) counts[picked.id] = (counts[picked.id] ?? 0) + 1
  }
  return counts
}

/** Any number from [0, 1), the ends of it more often. */
export const anyRandom: fc.Arbitrary<number> = fc.oneof(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  fc.constantFrom(0, 1 - Number.EPSILON / 2),
)

/** Candidates with different ids. */
export const anyCandidates: fc.Arbitrary<Candidate[]> = fc
  .array(
    fc.record({
      weight: fc.constantFrom(0.1, 0.3, 0.5, 1, 2, 5),
      outstanding: fc.nat({ max: 12 }),
      az: fc.constantFrom('a', 'b', undefined),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map((rest, index) => ({ id: `r${index}`, ...rest })))

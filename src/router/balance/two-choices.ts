import type { Balancer, Candidate } from './candidate.ts'
import { loadOf } from './load.ts'
import { drawByWeight } from './weighted-draw.ts'

/**
 * The power of two choices: draws two different replicas by weight, and takes the less busy one for its weight; the first one
 * drawn where they are equal, so that weights hold at little traffic. With many processes it does not send all of them to the
 * same replica at once, as looking for the least busy one can; with two replicas it does the same as that.
 */
export class TwoChoicesBalancer implements Balancer {
  pick<C extends Candidate>(candidates: readonly C[], random: number): C | undefined {
    const first = drawByWeight(candidates, random)
    if (!first) return undefined
    const others = candidates.filter((candidate) => candidate !== first.drawn)
    const second = drawByWeight(others, first.random)
    return second && loadOf(second.drawn) < loadOf(first.drawn) ? second.drawn : first.drawn
  }
}

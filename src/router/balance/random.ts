import type { Balancer, Candidate } from './candidate.ts'
import { drawByWeight } from './weighted-draw.ts'

/** Sends each read anywhere, by weight. Needs no state, so that many processes spread their reads without knowing each other. */
export class RandomBalancer implements Balancer {
  pick<C extends Candidate>(candidates: readonly C[], random: number): C | undefined {
    return drawByWeight(candidates, random)?.drawn
  }
}

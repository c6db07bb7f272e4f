import type { Candidate } from './candidate.ts'

/** A candidate that was drawn, and what is left of the randomness: again even over [0, 1), and independent of the draw. */
export interface Draw<C extends Candidate> {
  readonly drawn: C
  readonly random: number
}

/**
 * Draws a candidate with a probability that is proportional to its weight.
 *
 * The 53 bits of a random number are enough for two draws: where in its stretch the number fell says nothing of which
 * stretch it was.
 *
 * @param random from [0, 1)
 */
export function drawByWeight<C extends Candidate>(
  candidates: readonly C[],
  random: number,
): Draw<C> | undefined {
  let total = 0
  for (const { weight } of candidates) total += weight
  let rest = random * total
  let last: Draw<C> | undefined
  for (const drawn of candidates) {
    last = { drawn, random: Math.min(rest / drawn.weight, 1 - Number.EPSILON) }
    if (rest < drawn.weight) return last
    rest -= drawn.weight
  }
  // Rounding can leave a little more than there is.
  return last
}

import type { Balancer, Candidate } from './candidate.ts'
import { loadOf } from './load.ts'
import { RoundRobinBalancer } from './round-robin.ts'

/**
 * Sends each read to the replica with the fewest unanswered ones for its weight. A slow replica keeps its reads longer and so
 * gets fewer, with nothing measured and nothing configured.
 *
 * Those that are equally busy take turns by weight. At little traffic that is every read, so that weights hold there too and a
 * replica that is warming gets its part. Where all are busy, a replica of weight w holds w times as many reads as one of
 * weight 1.
 *
 * A replica that fails at once is never busy and would draw all reads: such a one must be ejected, which `health/` does.
 */
export class LeastOutstandingBalancer implements Balancer {
  readonly #turns = new RoundRobinBalancer()

  pick<C extends Candidate>(candidates: readonly C[]): C | undefined {
    let least = Number.POSITIVE_INFINITY
    let idlest: C[] = []
    for (const candidate of candidates) {
      // Asked once: the weight of a replica that is warming may grow meanwhile.
      const load = loadOf(candidate)
      if (load > least) continue
      if (load < least) idlest = []
      least = load
      idlest.push(candidate)
    }
    return this.#turns.pick(idlest)
  }
}

import type { Balancer, Candidate } from './candidate.ts'

/** How many turns a replica may miss before it is forgotten. Else each address that a DNS name ever had would be kept. */
const MISSED_TURNS = 10_000

interface Account {
  /** Reads that it is owed; below 0, that it had too early. Of all replicas together: 0. */
  owed: number
  /** The last turn in which it was a candidate. */
  turn: number
}

/**
 * Smooth weighted round robin: of each read every candidate is owed its part by weight, and the one that is owed most has the
 * read. Weights 5, 1, 1 give a a b a c a a, and never five a in a row.
 *
 * What is owed is kept for each replica and not for a place in a list, and only who is a candidate is owed anything. So a
 * replica that was away comes back to its share and no more, and turns stay fair where each read has its own candidates: a
 * counter over a list of changing length can give one replica every read.
 *
 * It looks at no load: one slow replica among R holds up every R-th read.
 */
export class RoundRobinBalancer implements Balancer {
  readonly #accounts = new Map<string, Account>()
  #turn = 0

  /** How many replicas it remembers. */
  get size(): number {
    return this.#accounts.size
  }

  pick<C extends Candidate>(candidates: readonly C[]): C | undefined {
    this.#turn += 1
    let total = 0
    for (const { weight } of candidates) total += weight
    let picked: C | undefined
    let most: Account | undefined
    for (const candidate of candidates) {
      const account = this.#accountOf(candidate.id)
      account.owed += candidate.weight / total
      account.turn = this.#turn
      if (!most || account.owed > most.owed) {
        most = account
        picked = candidate
      }
    }
    if (most) most.owed -= 1
    return picked
  }

  #accountOf(id: string): Account {
    const known = this.#accounts.get(id)
    if (known) return known
    this.#forgetAbsent()
    const made = { owed: 0, turn: this.#turn }
    this.#accounts.set(id, made)
    return made
  }

  #forgetAbsent(): void {
    for (const [id, { turn }] of this.#accounts) {
      if (this.#turn - turn > MISSED_TURNS) this.#accounts.delete(id)
    }
  }
}

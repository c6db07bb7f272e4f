/** Guesses that one account allows, and how long they are remembered. */
const MOST = 10
const WINDOW_MS = 15 * 60 * 1_000
/** Addresses that are remembered; more than that are guessed at by nobody but a machine, whose oldest are forgotten. */
const MOST_ADDRESSES = 10_000

interface Tries {
  readonly untilMs: number
  count: number
}

/**
 * Counts attempts to sign in, by issuer and address, known or not, so that no answer says which. An attempt counts from when it begins:
 * a thousand at once are no more than ten. Whoever succeeds begins anew.
 */
export class Attempts {
  readonly #tries = new Map<string, Tries>()

  /** @returns the seconds after which to come again, or nothing where the attempt may be made */
  begin(address: string, nowMs: number): number | undefined {
    const known = this.#tries.get(address)
    const tries = known && known.untilMs > nowMs ? known : { untilMs: nowMs + WINDOW_MS, count: 0 }
    if (tries.count >= MOST) return Math.ceil((tries.untilMs - nowMs) / 1_000)
    tries.count += 1
    // Anew, so that the first of the map is the one that nobody has tried for longest.
    this.#tries.delete(address)
    this.#tries.set(address, tries)
    const [oldest] = this.#tries.keys()
    if (oldest !== undefined && this.#tries.size > MOST_ADDRESSES) this.#tries.delete(oldest)
    return undefined
  }

  succeeded(address: string): void {
    this.#tries.delete(address)
  }
}

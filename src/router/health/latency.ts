/** When a replica is so much slower than the others that it is taken out. */
export interface LatencyRules {
  /** How many times the median a replica's latency must exceed. @default 3 */
  readonly maxRatio: number
  /** Latency below which nobody is ejected: 0.9 ms beside 0.3 ms is no illness. @default 20 */
  readonly floorMs: number
  /** Reads that a replica must have answered, to be judged or to be compared with. @default 20 */
  readonly minSamples: number
  /** The same for one that was ejected for its latency and has come back: its first reads are to tell. @default 3 */
  readonly probationSamples: number
  /** The part of the average that one read is. @default 0.05 */
  readonly newestPart: number
  /** How long ago the last read may be for the average to be still good for a comparison. @default 30_000 */
  readonly freshMs: number
}

export const DEFAULT_LATENCY_RULES: LatencyRules = Object.freeze({
  maxRatio: 3,
  floorMs: 20,
  minSamples: 20,
  probationSamples: 3,
  newestPart: 0.05,
  freshMs: 30_000,
})

/** How long one read took, from when it had a connection until its answer. */
export interface LatencySample {
  readonly atMs: number
  /** Without the wait for a connection: a pool that is too small is no slow server. */
  readonly latencyMs: number
  /** The event loop stood still meanwhile, so that the time says nothing of the server. */
  readonly stalled?: boolean
}

interface Average {
  /** Moving average of the logarithm. */
  log: number
  samples: number
  atMs: number
}

/** A latency of nothing has no logarithm. */
const LEAST_MS = 0.01

/**
 * Average read latency of each replica, and which of them are much slower than the others.
 *
 * The average is an exponentially weighted one of the logarithm. An average of the times themselves is whatever the last
 * long report took, and would eject a sound replica for one; here a read that takes a thousand times as long raises the average
 * by two fifths, while reads that all take twenty times as long are found after nine.
 *
 * What all replicas suffer at once, as from a stall of this process, ejects none: each is compared with the rest.
 */
export class LatencyWatch {
  readonly #averages = new Map<string, Average>()
  readonly #onProbation = new Set<string>()
  readonly #rules: LatencyRules

  constructor(rules: Partial<LatencyRules> = {}) {
    this.#rules = { ...DEFAULT_LATENCY_RULES, ...rules }
  }

  record(id: string, sample: LatencySample): void {
    if (sample.stalled) return
    const log = Math.log(Math.max(LEAST_MS, sample.latencyMs))
    const average = this.#averages.get(id)
    if (!average) {
      this.#averages.set(id, { log, samples: 1, atMs: sample.atMs })
      return
    }
    average.samples += 1
    // Until there are enough, all count alike; else the very first one would stay in the average for long.
    average.log += (log - average.log) * Math.max(this.#rules.newestPart, 1 / average.samples)
    average.atMs = sample.atMs
  }

  /** Forgets a replica, as when it is ejected or goes: what it was then says nothing of what it is when it comes back. */
  forget(id: string): void {
    this.#averages.delete(id)
  }

  /** Forgets a replica that is ejected for its latency, and judges it sooner when it is back. */
  putOnProbation(id: string): void {
    this.forget(id)
    this.#onProbation.add(id)
  }

  /** Whether a read took so long that its replica should be judged now: it would have many more by the next round. */
  isSuspicious({ latencyMs, stalled }: Omit<LatencySample, 'atMs'>): boolean {
    return !stalled && latencyMs > this.#rules.floorMs
  }

  /** The average latency of a replica in ms; nothing before its first read. */
  averageMs(id: string): number | undefined {
    const average = this.#averages.get(id)
    return average && Math.exp(average.log)
  }

  /**
   * The replicas to eject now, slowest first. Never more than leave half of the replicas that can serve, rounded up: where most are
   * slow the cause is elsewhere, and the rest could not bear the load.
   *
   * The median is the lower one of an even number, so that of two replicas the slower is compared with the other, and not with a mean
   * that it is half of.
   *
   * @param serving ids of the replicas that serve
   * @param ejected how many are out for their latency already
   */
  outliers(serving: readonly string[], ejected: number, nowMs: number): string[] {
    const { maxRatio, floorMs } = this.#rules
    const measured = serving.flatMap((id) => this.#measured(id, nowMs)).sort((a, b) => a.ms - b.ms)
    const medianMs = measured[Math.floor((measured.length - 1) / 2)]?.ms ?? Number.POSITIVE_INFINITY
    const slow = measured.filter(({ ms }) => ms > floorMs && ms > maxRatio * medianMs)
    const room = Math.floor((serving.length + ejected) / 2) - ejected
    return slow
      .reverse()
      .slice(0, Math.max(0, room))
      .map(({ id }) => id)
  }

  #measured(id: string, nowMs: number): { id: string; ms: number }[] {
    const average = this.#averages.get(id)
    const { minSamples, probationSamples, freshMs } = this.#rules
    const needed = this.#onProbation.has(id) ? probationSamples : minSamples
    if (average && average.samples >= minSamples) this.#onProbation.delete(id)
    const isGood = average && average.samples >= needed && nowMs - average.atMs <= freshMs
    return isGood ? [{ id, ms: Math.exp(average.log) }] : []
  }
}

import { type AuditReport, auditReport, type CacheAuditOptions } from './audit-report.ts'

/** What a hit is compared by. */
export interface Comparison {
  /** Reads the value on the primary, and says whether it is the one that was hit. */
  isSame(): Promise<boolean>
  /** Whether nothing that the value depends on has been written since the hit. */
  stillHolds(): Promise<boolean>
}

interface Counts {
  compared: number
  stale: number
  skipped: number
}

/**
 * Looks at a share of all hits, and says how often the cache was wrong. A value that differs from the primary's is only held
 * against the cache where its fences still stand afterwards: else it was written between the two.
 */
export class CacheAudit {
  readonly #sample: number
  readonly #random: () => number
  readonly #counts = new Map<string, Counts>()
  readonly #running = new Set<Promise<void>>()
  #isOver = false

  constructor({ sample }: CacheAuditOptions, random: () => number = Math.random) {
    this.#sample = sample
    this.#random = random
  }

  /** What was found so far, by the names of the definitions. */
  report(): Readonly<Record<string, AuditReport>> {
    return Object.fromEntries([...this.#counts].map(([name, counts]) => [name, auditReport(counts)]))
  }

  /** Looks no more; settles when the comparisons that are under way have ended. */
  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running)
  }

  /** @internal A value was hit; the caller is not held up. */
  hit(name: string, compare: () => Comparison): void {
    if (this.#isOver || this.#random() >= this.#sample) return
    const counts = this.#counts.get(name) ?? { compared: 0, stale: 0, skipped: 0 }
    this.#counts.set(name, counts)
    const comparing = this.#compare(counts, compare()).finally(() => this.#running.delete(comparing))
    this.#running.add(comparing)
  }

  async #compare(counts: Counts, comparison: Comparison): Promise<void> {
    try {
      if (await comparison.isSame()) counts.compared += 1
      else if (await comparison.stillHolds()) {
        counts.compared += 1
        counts.stale += 1
      } else counts.skipped += 1
    } catch {
      counts.skipped += 1
    }
  }
}

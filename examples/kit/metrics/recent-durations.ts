import type { Percentiles } from './service-metrics.ts'

/** So many that a percentile of 99 rests on tens of them, and so few that sorting them takes no time. */
const MOST = 4_096
const WINDOW_MS = 60_000

/** The durations of the last minute; of a busier one, the latest. */
export class RecentDurations {
  readonly #durations = new Float64Array(MOST)
  readonly #endedAt = new Float64Array(MOST)
  #next = 0
  #count = 0

  add(durationMs: number, nowMs: number): void {
    this.#durations[this.#next] = durationMs
    this.#endedAt[this.#next] = nowMs
    this.#next = (this.#next + 1) % MOST
    this.#count = Math.min(this.#count + 1, MOST)
  }

  percentiles(nowMs: number): Percentiles {
    const recent = this.#durations
      .subarray(0, this.#count)
      .filter((_, index) => (this.#endedAt[index] ?? 0) > nowMs - WINDOW_MS)
      .sort()
    // The smallest value that so large a share of all is not above.
    const at = (share: number) => recent[Math.max(0, Math.ceil(share * recent.length) - 1)] ?? 0
    return { p50: at(0.5), p99: at(0.99), max: at(1) }
  }
}

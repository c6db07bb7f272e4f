import { createHistogram, performance } from 'node:perf_hooks'
import type { LoadFigures } from './load-messages.ts'

/** Counts what the callers of an application go through. */
export class FigureBook {
  #latenciesNs = createHistogram()
  #startedAt = performance.now()
  readonly #answeredAt = new Map<string, number>()
  #stallMs = 0
  #stallEndedAt = 0
  #longestMs = 0
  #errors: Record<string, number> = {}
  foreignRows = 0
  inserted = 0
  analyses = 0

  /** Notes an answer to a writer, or to a reader: that others go on is no comfort to those who wait. */
  answered(who: string, sentAt: number): void {
    const now = performance.now()
    this.#noteStall(who, now)
    this.#answeredAt.set(who, now)
    this.#longestMs = Math.max(this.#longestMs, now - sentAt)
    this.#latenciesNs.record(Math.max(1, Math.round((now - sentAt) * 1e6)))
  }

  failed(who: string, error: unknown, sentAt: number = performance.now()): void {
    this.#longestMs = Math.max(this.#longestMs, performance.now() - sentAt)
    const message = `${who}: ${error instanceof Error ? error.message : error}`.slice(0, 160)
    this.#errors[message] = (this.#errors[message] ?? 0) + 1
  }

  /** Gives what was counted so far, and begins anew. */
  take(): LoadFigures {
    const now = performance.now()
    const latencies = this.#latenciesNs
    // One that still goes on counts as well.
    for (const who of this.#answeredAt.keys()) this.#noteStall(who, now)
    const calls = latencies.count
    const figures: LoadFigures = {
      calls,
      callsPerSecond: (calls / (now - this.#startedAt)) * 1_000,
      p50Ms: latencies.percentile(50) / 1e6,
      p99Ms: latencies.percentile(99) / 1e6,
      stallMs: this.#stallMs,
      stallEndedAt: this.#stallEndedAt,
      longestCallMs: this.#longestMs,
      errors: this.#errors,
      foreignRows: this.foreignRows,
      inserted: this.inserted,
      analyses: this.analyses,
    }
    this.#latenciesNs = createHistogram()
    this.#errors = {}
    this.#stallMs = 0
    this.#longestMs = 0
    this.#startedAt = now
    this.foreignRows = 0
    this.analyses = 0
    return figures
  }

  #noteStall(who: string, now: number): void {
    const stallMs = now - (this.#answeredAt.get(who) ?? now)
    if (stallMs <= this.#stallMs) return
    this.#stallMs = stallMs
    this.#stallEndedAt = Date.now()
  }
}

import { createHistogram, performance } from 'node:perf_hooks'
import type { LoadFigures } from './load-messages.ts'

/** Counts what the callers of an application go through. */
export class FigureBook {
  #latenciesNs = createHistogram()
  #startedAt = performance.now()
  #answeredAt = performance.now()
  #stallMs = 0
  #errors: Record<string, number> = {}
  foreignRows = 0
  inserted = 0
  analyses = 0

  /** Notes an answer, whatever it was. */
  answered(sentAt: number): void {
    const now = performance.now()
    this.#stallMs = Math.max(this.#stallMs, now - this.#answeredAt)
    this.#answeredAt = now
    this.#latenciesNs.record(Math.max(1, Math.round((now - sentAt) * 1e6)))
  }

  failed(who: string, error: unknown): void {
    const message = `${who}: ${error instanceof Error ? error.message : error}`.slice(0, 160)
    this.#errors[message] = (this.#errors[message] ?? 0) + 1
  }

  /** Gives what was counted so far, and begins anew. */
  take(): LoadFigures {
    const now = performance.now()
    const latencies = this.#latenciesNs
    const calls = latencies.count
    const figures: LoadFigures = {
      calls,
      callsPerSecond: (calls / (now - this.#startedAt)) * 1_000,
      p50Ms: latencies.percentile(50) / 1e6,
      p99Ms: latencies.percentile(99) / 1e6,
      // A stall that still goes on counts as well.
      stallMs: Math.max(this.#stallMs, now - this.#answeredAt),
      longestCallMs: calls > 0 ? latencies.max / 1e6 : 0,
      errors: this.#errors,
      foreignRows: this.foreignRows,
      inserted: this.inserted,
      analyses: this.analyses,
    }
    this.#latenciesNs = createHistogram()
    this.#errors = {}
    this.#stallMs = 0
    this.#startedAt = now
    this.foreignRows = 0
    this.analyses = 0
    return figures
  }
}

/** One request of the load, as it ended. */
export interface Sample {
  readonly operation: string
  readonly kind: 'read' | 'write'
  /** 0 where nothing answered. */
  readonly status: number
  readonly ms: number
}

/** What a stretch of load came to. */
export interface Figures {
  readonly seconds: number
  readonly requests: number
  readonly reads: number
  readonly writes: number
  /** Not answered, or with a status from 500 on. */
  readonly errors: number
  readonly readErrors: number
  readonly writeErrors: number
  /** Answered with a status from 400 to 499: of a load that asks for nothing it may not have, a fault. */
  readonly refused: number
  readonly byStatus: Readonly<Record<string, number>>
  /** Due while too many were under way, and not sent. */
  readonly notSent: number
  /** Written rows that the next read of their author did not find. */
  readonly staleReads: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** From the last error to the end, in seconds; the whole stretch where there was none. */
  readonly secondsWithoutError: number
}

/** Counts from its making on. */
export class FigureCounter {
  readonly #beganMs = performance.now()
  readonly #times: number[] = []
  readonly #byStatus = new Map<number, number>()
  readonly #of = { read: { all: 0, errors: 0 }, write: { all: 0, errors: 0 } }
  #refused = 0
  #notSent = 0
  #staleReads = 0
  #lastErrorMs = this.#beganMs

  count({ kind, status, ms }: Sample): void {
    this.#times.push(ms)
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1)
    this.#of[kind].all += 1
    if (status === 0 || status >= 500) {
      this.#of[kind].errors += 1
      this.#lastErrorMs = performance.now()
    } else if (status >= 400) this.#refused += 1
  }

  countNotSent(): void {
    this.#notSent += 1
    this.#lastErrorMs = performance.now()
  }

  countStaleRead(): void {
    this.#staleReads += 1
  }

  figures(): Figures {
    const sorted = this.#times.toSorted((a, b) => a - b)
    const at = (share: number) =>
      round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
    const { read, write } = this.#of
    const nowMs = performance.now()
    return {
      seconds: round((nowMs - this.#beganMs) / 1_000),
      requests: this.#times.length,
      reads: read.all,
      writes: write.all,
      errors: read.errors + write.errors,
      readErrors: read.errors,
      writeErrors: write.errors,
      refused: this.#refused,
      byStatus: Object.fromEntries([...this.#byStatus].sort(([a], [b]) => a - b)),
      notSent: this.#notSent,
      staleReads: this.#staleReads,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: round(sorted.at(-1) ?? 0),
      secondsWithoutError: round((nowMs - this.#lastErrorMs) / 1_000),
    }
  }
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}

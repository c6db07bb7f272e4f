const TICK_MS = 50
/** A timer that comes later than this did not find the event loop free. */
const LATE_MS = 50

/** Notices when the event loop stood still: then every answer came late, whoever gave it. */
export class LoopWatch {
  #timer: NodeJS.Timeout | undefined
  #tickedAt = 0
  #stoodStillUntil = Number.NEGATIVE_INFINITY

  start(): void {
    if (this.#timer) return
    this.#tickedAt = performance.now()
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Whether it has stood still since, or stands still now. @param sinceMs on the clock of `performance.now()` */
  stoodStillSince(sinceMs: number): boolean {
    this.#look()
    return this.#stoodStillUntil > sinceMs
  }

  #tick(): void {
    this.#look()
    this.#tickedAt = performance.now()
  }

  #look(): void {
    const now = performance.now()
    if (now - this.#tickedAt > TICK_MS + LATE_MS) this.#stoodStillUntil = now
  }
}

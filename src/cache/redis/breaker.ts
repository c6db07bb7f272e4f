/** When Redis is left alone. */
export interface BreakerOptions {
  /** Failures in a row, timeouts above all, after which it is. @default 2 */
  readonly after?: number
  /** Milliseconds between two looks at whether it answers again. @default 100 */
  readonly probeMs?: number
}

/** Counts failures in a row. Pure: who owns it looks at the server, and closes it again. */
export class Breaker {
  readonly #after: number
  #failures = 0
  #opened = 0

  constructor(after: number) {
    this.#after = after
  }

  get isOpen(): boolean {
    return this.#failures >= this.#after
  }

  /** How often it has opened. */
  get opened(): number {
    return this.#opened
  }

  succeed(): void {
    // What was sent before it opened, and is answered late, is no sign that the server has recovered.
    if (!this.isOpen) this.#failures = 0
  }

  /** @returns whether it is open now */
  fail(): boolean {
    this.#failures += 1
    if (this.#failures === this.#after) this.#opened += 1
    return this.isOpen
  }

  close(): void {
    this.#failures = 0
  }
}

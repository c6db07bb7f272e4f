import { DeadlineError } from '../errors/connection.ts'

/** The server is told to stop this much before the client gives up, so that the usual end of a slow statement is a clean error. */
const MARGIN_MS = 250
const MARGIN_SHARE = 0.1

/** The moment by which a call must have settled. */
export class Deadline {
  readonly timeoutMs: number
  readonly #at: number

  /** @param timeoutMs milliseconds from now */
  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs
    this.#at = performance.now() + timeoutMs
  }

  /** Milliseconds that are left, at least 0. */
  remainingMs(): number {
    return Math.max(0, this.#at - performance.now())
  }

  /** What `statement_timeout` is set to: what is left, less a margin, at least 1 ms. */
  statementTimeoutMs(): number {
    const left = this.remainingMs()
    return Math.max(1, Math.floor(left - Math.min(MARGIN_MS, left * MARGIN_SHARE)))
  }

  /** @param step what was going on, in words that fit "the deadline passed during …" */
  error(step: string): DeadlineError {
    return new DeadlineError(this.timeoutMs, step)
  }
}

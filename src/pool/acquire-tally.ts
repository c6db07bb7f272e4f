/** How a request for a connection ended. */
export type AcquireOutcome = 'acquired' | 'timed-out' | 'cancelled' | 'refused' | 'failed'

/** What became of the requests for connections of one pool since it was made. */
export interface AcquireCounts {
  /** Requests that were given a connection, and how long they took, together and the longest, connecting included. */
  readonly acquired: number
  readonly acquireMs: number
  readonly acquireMaxMs: number
  /** Requests whose time was up before they had one. */
  readonly timedOut: number
  /** Requests that their callers took back. */
  readonly cancelled: number
  /** Requests that met a full queue. */
  readonly refused: number
  /** Requests that failed because a connection could not be made. */
  readonly failed: number
  /** Connections that were ended instead of being given back. */
  readonly discarded: number
}

/** Keeps {@link AcquireCounts}. */
export class AcquireTally {
  readonly #ended: Record<AcquireOutcome, number> = {
    acquired: 0,
    'timed-out': 0,
    cancelled: 0,
    refused: 0,
    failed: 0,
  }
  #acquireMs = 0
  #acquireMaxMs = 0
  #discarded = 0

  countEnd(outcome: AcquireOutcome, durationMs: number): void {
    this.#ended[outcome] += 1
    if (outcome !== 'acquired') return
    this.#acquireMs += durationMs
    this.#acquireMaxMs = Math.max(this.#acquireMaxMs, durationMs)
  }

  countDiscard(): void {
    this.#discarded += 1
  }

  counts(): AcquireCounts {
    return {
      acquired: this.#ended.acquired,
      acquireMs: this.#acquireMs,
      acquireMaxMs: this.#acquireMaxMs,
      timedOut: this.#ended['timed-out'],
      cancelled: this.#ended.cancelled,
      refused: this.#ended.refused,
      failed: this.#ended.failed,
      discarded: this.#discarded,
    }
  }
}

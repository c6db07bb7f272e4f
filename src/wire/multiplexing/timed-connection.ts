import type { SessionBaseline } from '../../context/session-baseline.ts'
import type { BatchConnection } from '../batch-connection.ts'
import type { Deadline } from '../deadline.ts'
import type { Reply, Segment } from '../reply-reader.ts'

/** How a batch had its connection. */
export interface ConnectionUse {
  readonly tookMs: number
  /** Whether every reply came; else nothing is known of how long the batch takes. */
  readonly isAnswered: boolean
}

/** A connection of which somebody wants to know how long a batch had it. */
export class TimedConnection implements BatchConnection {
  readonly #connection: BatchConnection
  readonly #onReleased: (use: ConnectionUse) => void
  readonly #startedAtMs = performance.now()
  #isAnswered = true

  constructor(connection: BatchConnection, onReleased: (use: ConnectionUse) => void) {
    this.#connection = connection
    this.#onReleased = onReleased
  }

  get baseline(): SessionBaseline {
    return this.#connection.baseline
  }

  get mayReadEvidence(): boolean {
    return this.#connection.mayReadEvidence
  }

  get mayReadPosition(): boolean {
    return this.#connection.mayReadPosition
  }

  async exchange(segment: Segment, deadline: Deadline): Promise<Reply> {
    try {
      return await this.#connection.exchange(segment, deadline)
    } catch (error) {
      this.#isAnswered = false
      throw error
    }
  }

  rollBack(deadline: Deadline): Promise<void> {
    return this.#connection.rollBack(deadline)
  }

  cancelRunning(): Promise<void> {
    return this.#connection.cancelRunning()
  }

  release(): void {
    this.#connection.release()
    this.#onReleased({ tookMs: performance.now() - this.#startedAtMs, isAnswered: this.#isAnswered })
  }

  destroy(cause: unknown): void {
    this.#connection.destroy(cause)
  }
}

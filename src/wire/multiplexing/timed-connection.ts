import type { SessionBaseline } from '../../context/session-baseline.ts'
import type { BatchConnection } from '../batch-connection.ts'
import type { Deadline } from '../deadline.ts'
import type { Reply, Segment } from '../reply-reader.ts'

/** A connection of which somebody wants to know how long a batch had it. */
export class TimedConnection implements BatchConnection {
  readonly #connection: BatchConnection
  readonly #onReleased: (tookMs: number) => void
  readonly #startedAtMs = performance.now()

  constructor(connection: BatchConnection, onReleased: (tookMs: number) => void) {
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

  exchange(segment: Segment, deadline: Deadline): Promise<Reply> {
    return this.#connection.exchange(segment, deadline)
  }

  rollBack(deadline: Deadline): Promise<void> {
    return this.#connection.rollBack(deadline)
  }

  cancelRunning(): Promise<void> {
    return this.#connection.cancelRunning()
  }

  release(): void {
    this.#connection.release()
    this.#onReleased(performance.now() - this.#startedAtMs)
  }

  destroy(cause: unknown): void {
    this.#connection.destroy(cause)
  }
}

import type { SessionBaseline } from '../../context/session-baseline.ts'
import type { BatchConnection } from '../batch-connection.ts'
import type { Deadline } from '../deadline.ts'
import { IDLE } from '../expected-state.ts'
import type { Reply, Segment } from '../reply-reader.ts'
import { ownStatement } from '../statement.ts'
import type { Lane, LaneBatch } from './lane.ts'
import type { PlaceRequest } from './place-request.ts'
import type { SharedWork } from './shared-work.ts'

/** A connection on which others work too, as one batch sees it. */
export class SharedConnection implements BatchConnection, LaneBatch {
  readonly work: SharedWork
  readonly #lane: Lane
  readonly #place: PlaceRequest

  constructor(work: SharedWork, lane: Lane, place: PlaceRequest) {
    this.work = work
    this.#lane = lane
    this.#place = place
    lane.add(this)
  }

  get baseline(): SessionBaseline {
    return this.#lane.connection.baseline
  }

  get mayReadEvidence(): boolean {
    return this.#lane.connection.mayReadEvidence
  }

  get mayReadPosition(): boolean {
    return this.#lane.connection.mayReadPosition
  }

  /** Batches that are on the same connection. */
  get load(): number {
    return this.#lane.load
  }

  /** Whether something is on the same connection of which nobody knows yet how long it takes. */
  get isBesideNewcomer(): boolean {
    return !this.work.newcomer && this.#lane.newcomers > 0
  }

  exchange(segment: Segment, deadline: Deadline): Promise<Reply> {
    return this.#lane.exchange(this, segment, deadline)
  }

  async rollBack(deadline: Deadline): Promise<void> {
    try {
      await this.exchange({ statements: [ownStatement('rollback')], leaves: IDLE }, deadline)
    } catch {
      // The exchange has destroyed the connection.
    }
  }

  /** Nothing is sent, for a cancel request stops whatever the server is at. What runs for too long is stopped by the lane. */
  async cancelRunning(): Promise<void> {
    this.#lane.abandon(this, new Error('The batch was cancelled.'))
  }

  /** Its place is free although it is still on its lane, which takes nothing more. */
  leavePlace(): void {
    this.#place.release()
  }

  release(): void {
    this.#place.release()
    this.#lane.remove(this)
  }

  destroy(cause: unknown): void {
    this.#lane.connection.destroy(cause)
  }
}

import type { SessionBaseline } from '../context/session-baseline.ts'
import type { Deadline } from './deadline.ts'
import type { Reply, Segment } from './reply-reader.ts'

/** A connection as one batch sees it: its own for the while, or one that others work on too. */
export interface BatchConnection {
  readonly baseline: SessionBaseline
  /** Whether a write on it can leave evidence of its commit. */
  readonly mayReadEvidence: boolean
  /** Whether the role may ask where the server stands. */
  readonly mayReadPosition: boolean
  /** @throws {ExchangeFailure}; on a shared connection {@link MovedSignal} too */
  exchange(segment: Segment, deadline: Deadline): Promise<Reply>
  /** Ends a transaction that is not to be committed. */
  rollBack(deadline: Deadline): Promise<void>
  /** Stops what the batch runs; what others run goes on. */
  cancelRunning(): Promise<void>
  /** The batch is done with it. */
  release(): void
  /** Ends the connection, with whatever still runs on it. */
  destroy(cause: unknown): void
}

import type { ServerPosition, StandbyPosition } from './server-position.ts'

/** Is told where the server stands while a call runs, for which nothing more than the call itself is sent. */
export interface PositionWatch {
  /**
   * Where a standby stood before the first statement ran: each of them saw that much, or more. Only at READ COMMITTED, where
   * each statement takes its own snapshot; at a higher isolation level the snapshot is older than what is said.
   *
   * @throws what is to take the place of the results, which are thrown away
   */
  opened?(at: StandbyPosition): void
  /**
   * Where the server stood after a write was committed, or after a read: what the call wrote and saw is before it. Nothing
   * where the answer to that was lost. Not called for what failed.
   */
  closed?(at: ServerPosition | undefined): void
}

import type { BatchConnection } from './batch-connection.ts'
import type { Deadline } from './deadline.ts'
import type { MultiplexSnapshot } from './multiplexing/multiplex-snapshot.ts'
import type { SharedWork } from './multiplexing/shared-work.ts'

/** What lets batches share the connections of a pool. */
export interface BatchSharing {
  /** Whether work of this kind is shared at all. */
  takes(work: Pick<SharedWork, 'isRead'>): boolean
  /**
   * A place on a connection that is shared, or a connection of its own for what is known to take long.
   *
   * @param isBegun whether it is for work that had begun before `close()`
   * @throws what `LeasedConnection.open` throws
   */
  open(
    work: SharedWork,
    deadline: Deadline,
    signal?: AbortSignal,
    isBegun?: boolean,
  ): Promise<BatchConnection>
  snapshot(): MultiplexSnapshot
  /** Settles when nobody waits any more; has no limit of its own. */
  empty(): Promise<void>
  /** Answers those who wait with the cause. */
  endAll(cause: unknown): void
}

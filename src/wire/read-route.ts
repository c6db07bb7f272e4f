import type { PositionWatch } from './position-watch.ts'
import type { TenantSource } from './tenant-source.ts'

/** Where a read may go. */
export interface ReadTarget {
  readonly source: TenantSource
  readonly watch: PositionWatch
  /** Whether an error of the server is one that another may not have: then it is thrown, not handed out. */
  mayResend(error: unknown): boolean
}

/** Finds a server for a read. */
export interface ReadRoute {
  /**
   * Has a read sent, and sent again elsewhere for as long as no server has served it and it may go on.
   *
   * @param send all that is tried on one target; called again after a failure only if nothing of the answer was handed out
   * @throws what the last target failed with, or why there is none
   */
  run<T>(send: (target: ReadTarget) => Promise<T>): Promise<T>
}

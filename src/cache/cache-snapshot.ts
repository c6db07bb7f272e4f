import type { CacheCounts } from './counts.ts'
import type { FencesSnapshot } from './fences/fences-snapshot.ts'

/** How a cache stands in this process. Never changes afterwards. */
export interface CacheSnapshot {
  /** Redis, as it was last met. */
  readonly redis: FencesSnapshot
  /** What each definition has done. */
  readonly definitions: Readonly<Record<string, Readonly<CacheCounts>>>
  readonly loads: { readonly running: number; readonly waiting: number }
  /** Transactions whose processes were gone, and whose outcome was found out here. */
  readonly settled: number
  /** Notes of the journal that were carried over here. */
  readonly carried: number
}

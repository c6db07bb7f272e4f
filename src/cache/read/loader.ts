import type { TenantReadCallback } from '../../query/tenant-callback.ts'
import type { CacheCounts } from '../counts.ts'
import type { CacheCaller, CacheDatabase, LogPosition, ReadAt } from '../database.ts'
import type { LoadLimits } from './load-limits.ts'

/** How the values of one definition are loaded. */
export interface LoaderParts<DB> {
  readonly database: CacheDatabase<DB>
  readonly limits: LoadLimits
  readonly counts: CacheCounts
  readonly timeoutMs: number | undefined
  /** Is told of the timeline that the primary is on. */
  onTimeline(timeline: number): void
}

/** A load that has ended. */
export interface Loaded<Value> extends ReadAt<Value> {
  readonly tookMs: number
}

/** Loads values of one definition from PostgreSQL, as many at a time as it may. */
export class Loader<DB, Value> {
  readonly #parts: LoaderParts<DB>

  constructor(parts: LoaderParts<DB>) {
    this.#parts = parts
  }

  /**
   * @param atLeast what a replica must have replayed; without it the primary reads
   * @throws {CacheOverloadedError} its turn did not come in time; and what the load throws
   */
  load(
    caller: CacheCaller,
    atLeast: LogPosition | undefined,
    load: TenantReadCallback<Value, DB>,
  ): Promise<Loaded<Value>> {
    const { database, limits, counts, timeoutMs } = this.#parts
    return limits.run(caller.tenant, async () => {
      const startedAt = performance.now()
      counts.loads += 1
      try {
        const read = await database.read(caller, { atLeast, timeoutMs }, load)
        if (read.timeline !== undefined) this.#parts.onTimeline(read.timeline)
        return { ...read, tookMs: performance.now() - startedAt }
      } catch (error) {
        counts.failedLoads += 1
        throw error
      }
    })
  }
}

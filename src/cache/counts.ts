/** What one definition has done in this process. */
export interface CacheCounts {
  /** Values that came from Redis, and those of them that stand for `undefined` or `null`. */
  hits: number
  negativeHits: number
  /** Hits whose value the process had, after Redis had confirmed it. */
  localHits: number
  /** Hits that were served old while a new value was loaded, or because it could not be. */
  staleHits: number
  misses: number
  loads: number
  failedLoads: number
  /** Loads that were stored. */
  stores: number
  /** Values that were not stored, because something they depend on was overwritten meanwhile. */
  overtaken: number
  /** Values that were not stored, because the replica they came from was behind. */
  behind: number
  /** Values that were not stored, because a transaction that overwrites what they depend on had not ended. */
  pending: number
  /** Values that were not stored, for another reason: a later load's was there, or Redis did not take it. */
  unstored: number
  /** Values too large to be stored. */
  oversized: number
  /** Calls that waited for the load of another process. */
  waits: number
  /** Calls for which there was no Redis. */
  unavailable: number
  /** Calls inside of a transaction, which reads for itself. */
  bypassed: number
  /** Entries that could not be read: of another format or key, or tampered with. */
  unreadable: number
}

/** Counts from nothing. */
export function noCounts(): CacheCounts {
  return {
    hits: 0,
    negativeHits: 0,
    localHits: 0,
    staleHits: 0,
    misses: 0,
    loads: 0,
    failedLoads: 0,
    stores: 0,
    overtaken: 0,
    behind: 0,
    pending: 0,
    unstored: 0,
    oversized: 0,
    waits: 0,
    unavailable: 0,
    bypassed: 0,
    unreadable: 0,
  }
}

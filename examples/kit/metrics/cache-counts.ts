/** Of all definitions of a cache together, since the start. */
export interface CacheCounts {
  readonly hits: number
  readonly localHits: number
  readonly misses: number
  readonly loads: number
  readonly failedLoads: number
  /** Values that were loaded and not stored, because they were overtaken by a write, or their replica was behind. */
  readonly staleRejected: number
  /** Calls for which there was no Redis. */
  readonly unavailable: number
}

/** Of one definition, as the snapshot of a cache has it. */
interface DefinitionCounts {
  readonly hits: number
  readonly localHits: number
  readonly misses: number
  readonly loads: number
  readonly failedLoads: number
  readonly overtaken: number
  readonly behind: number
  readonly pending: number
  readonly unavailable: number
}

/** Adds up what the definitions of a cache have done. */
export function addUp(definitions: readonly DefinitionCounts[]): CacheCounts {
  const sum = (of: (counts: DefinitionCounts) => number) =>
    definitions.reduce((total, counts) => total + of(counts), 0)
  return {
    hits: sum(({ hits }) => hits),
    localHits: sum(({ localHits }) => localHits),
    misses: sum(({ misses }) => misses),
    loads: sum(({ loads }) => loads),
    failedLoads: sum(({ failedLoads }) => failedLoads),
    staleRejected: sum(({ overtaken, behind, pending }) => overtaken + behind + pending),
    unavailable: sum(({ unavailable }) => unavailable),
  }
}

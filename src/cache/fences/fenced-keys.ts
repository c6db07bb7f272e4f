/** The keys of one entry. All are in one slot of a Redis Cluster. */
export interface FencedKeys {
  readonly value: string
  /** Who loads it. */
  readonly lease: string
  /** The channel on which those are woken who wait for it. */
  readonly wake: string
  /** What it depends on. */
  readonly fences: readonly string[]
}

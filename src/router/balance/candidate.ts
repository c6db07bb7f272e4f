/** A replica that may serve a read, as a balancer sees it. */
export interface Candidate {
  readonly id: string
  /** Its share next to that of others, above 0; holds the slow start of a replica that is warming, see `health/weight.ts`. */
  readonly weight: number
  /** Reads that this process has sent to it, or is about to send, and that have not been answered. */
  readonly outstanding: number
  /** The availability zone that it is in, where that is known. */
  readonly az: string | undefined
}

/** Decides which replica gets the next read. Keeps no more than whose turn it is; knows neither a clock nor a random source. */
export interface Balancer {
  /**
   * The replica for the next read. Which candidates there are may differ from one call to the next: not every replica has
   * caught up with every reader.
   *
   * @param random drawn anew for each call, from [0, 1)
   * @returns nothing where there are no candidates
   */
  pick<C extends Candidate>(candidates: readonly C[], random: number): C | undefined
}

/** What sharing connections has done since the start. Counts only grow. */
export interface MultiplexCounts {
  /** Batches that were given a place on a shared connection. */
  batches: number
  /** Times that a batch took long on a connection that was shared. */
  slow: number
  /** Reads that took long, and were stopped so that a connection was left for others. */
  stopped: number
}

/** How sharing stood at one moment. */
export interface MultiplexSnapshot extends Readonly<MultiplexCounts> {
  /** Connections that were shared, one after the other. Only grows. */
  readonly opened: number
  /** Reads that were sent again elsewhere because the one before them took long, or might. Only grows. */
  readonly moved: number
  /** Connections that take batches. */
  readonly connections: number
  /** Batches on them. */
  readonly inFlight: number
  /** Batches that wait for a place. */
  readonly waiting: number
  /** Texts of statements that are known to take long, each for one tenant. */
  readonly knownSlow: number
}

export function noMultiplexCounts(): MultiplexCounts {
  return { batches: 0, slow: 0, stopped: 0 }
}

/** What a server said of itself to a probe. */
export interface ProbeReport {
  readonly inRecovery: boolean
  /** The same in all copies of one cluster, and in no other. */
  readonly systemId: string
  readonly timeline: number
  /** What a standby has replayed, or where a primary inserts next. */
  readonly lsn: bigint
  /** Bytes of a WAL file, and of a page in it. */
  readonly segmentBytes: number
  readonly blockBytes: number
  /** The process that answered: behind a pooler not the one that the start-up named. */
  readonly backendPid: number
}

import type { ErrorsSeen } from '../errors-seen.ts'
import type { Latencies } from '../latencies.ts'

/** A way for requests to use connections. */
export type RequestWayName = 'hand-written, transaction held' | 'leasehold' | 'leasehold multiplexed'

/** What the process of the requests is started with. */
export interface RequestStart {
  readonly way: RequestWayName
  /** The pooler, for a role that the policies hold for. */
  readonly url: string
  /** To the pooler, at most. */
  readonly connections: number
  /** The module of leasehold. */
  readonly entry: string
}

/** Requests for a while: so many at any time, each of which works so long outside the database between two reads. */
export interface RequestOrder {
  readonly atOnce: number
  readonly outsideMs: number
  readonly durationMs: number
}

/** What became of them. */
export interface RequestFigures {
  /** Of those that were answered. */
  readonly latencies: Latencies
  readonly elapsedMs: number
  readonly cpuUs: number
  readonly errors: ErrorsSeen
  readonly foreignRows: number
}

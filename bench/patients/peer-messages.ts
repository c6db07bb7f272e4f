import type { Distance } from '../topology/distance.ts'
import type { Slice } from './load.ts'
import type { PeerOptions } from './peer.ts'
import type { Workload } from './workload.ts'

/** What a peer's process is started with. */
export interface PeerStart {
  readonly peer: string
  readonly options: Readonly<Record<Distance, PeerOptions>>
}

/** Asks a peer's process for one slice. */
export interface PeerOrder {
  readonly workload: Workload
  readonly distance: Distance
  /** How many operations are under way at any time. */
  readonly callers: number
  readonly durationMs: number
  /** Whether its latencies are left out. */
  readonly warmUp: boolean
}

/** Latencies of all slices of one workload and distance so far. */
export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** The answer. */
export type PeerReply = { readonly slice: Slice; readonly latency: Latency } | { readonly error: string }

import type { HitSlice } from './load.ts'
import type { CachePeerOptions } from './peer.ts'
import type { HitScenario } from './scenario.ts'

/** What a peer's process is started with. */
export interface PeerStart {
  readonly peer: string
  readonly options: CachePeerOptions
}

/** Asks a peer's process for one slice of hits, or for so many calls at once for one document. */
export type PeerOrder =
  | {
      readonly kind: 'hits'
      readonly scenario: HitScenario
      readonly durationMs: number
      /** Whether its latencies are left out. */
      readonly warmUp: boolean
    }
  | {
      readonly kind: 'stampede'
      readonly id: number
      readonly calls: number
      /** When to begin, in milliseconds since 1970: at once in all processes. */
      readonly atMs: number
    }

/** Latencies of all slices of one scenario so far, in milliseconds. */
export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** The answers. */
export type Ready = { readonly ready: true } | { readonly error: string }
export type HitReply = { readonly slice: HitSlice; readonly latency: Latency } | { readonly error: string }
export type StampedeReply = { readonly tookMs: number } | { readonly error: string }

import type { ErrorsSeen } from '../errors-seen.ts'
import type { Latencies } from '../latencies.ts'

/** A way to work while some ask for what takes long. */
export type SlowWayName = 'leasehold multiplexed' | 'leasehold' | 'pg unscoped pipelined'

/** What the process of the readers is started with. */
export interface SlowStart {
  readonly way: SlowWayName
  /** The pooler, for a role that the policies hold for. */
  readonly url: string
  /** The same for a role that they do not hold for. */
  readonly unscopedUrl: string
  readonly connections: number
  /** The module of leasehold. */
  readonly entry: string
}

/** Reads and writes of many tenants at a steady pace, and in the middle of them slow reads of another one, all at once. */
export interface SlowOrder {
  readonly readsPerSecond: number
  readonly writesPerSecond: number
  /** Not measured. */
  readonly warmUpMs: number
  /** Measured before the slow reads are asked for. */
  readonly beforeMs: number
  readonly slowReads: number
  /** Whether each slow read has a text that was never seen before. */
  readonly freshTexts: boolean
  /** How long the rest is measured after they were asked for, unless they have all been answered before. */
  readonly limitMs: number
}

/** Calls of one kind, from when each was due. */
export interface KindFigures {
  readonly before: Latencies
  /** While there were slow reads. One without an answer at the end counts with the time that it had waited by then. */
  readonly during: Latencies
  /** Those without an answer at the end. */
  readonly unanswered: number
}

/** How everybody fared. */
export interface SlowFigures {
  readonly reads: KindFigures
  readonly writes: KindFigures
  readonly slow: {
    readonly answered: number
    readonly unanswered: number
    /** How long there were any. */
    readonly tookMs: number
  }
  readonly errors: ErrorsSeen
  readonly foreignRows: number
}

/**
 * - `unknown`: not seen yet
 * - `warming`: serves, with a weight that grows
 * - `healthy`: serves
 * - `lagging`: too far behind the primary
 * - `ejected`: unreachable, or much slower than the others; probed again when its time is over, by nobody's read
 * - `promoted`: a primary now, and so no place for reads that expect a standby
 * - `foreign`: a server of another cluster, such as a restored copy: serves wrong data
 * - `draining`: on its way out; begins nothing new
 */
export type ReplicaState =
  | 'unknown'
  | 'warming'
  | 'healthy'
  | 'lagging'
  | 'ejected'
  | 'promoted'
  | 'foreign'
  | 'draining'

/** What is known of one replica. Never changed: each signal makes a new one, or leaves it as it is. */
export interface ReplicaHealth {
  readonly state: ReplicaState
  /** When it came into this state. */
  readonly sinceMs: number
  /** Whether the last probes found it lagging, latest last. */
  readonly lagged: readonly boolean[]
  /** Probes in a row that found less than half the allowed lag. */
  readonly calm: number
  /** Reads in a row that failed for want of a connection. */
  readonly readErrors: number
  /** Probes in a row that failed. */
  readonly probeErrors: number
  /** How often it was ejected, or failed the probe that ended an ejection, without having been healthy for long. */
  readonly ejections: number
  /** Why it is ejected, while it is. */
  readonly ejectedFor: 'errors' | 'latency' | undefined
  /** When it may be probed again, while it is ejected. */
  readonly probeAtMs: number | undefined
  /** The timeline that its last probe told. */
  readonly timeline: number | undefined
}

/** A replica that nothing is known of. */
export function unknownHealth(atMs: number): ReplicaHealth {
  return {
    state: 'unknown',
    sinceMs: atMs,
    lagged: [],
    calm: 0,
    readErrors: 0,
    probeErrors: 0,
    ejections: 0,
    ejectedFor: undefined,
    probeAtMs: undefined,
    timeline: undefined,
  }
}

/** The same replica in another state: what was counted towards leaving the old one is forgotten. */
export function enter(health: ReplicaHealth, state: ReplicaState, atMs: number): ReplicaHealth {
  return {
    ...unknownHealth(atMs),
    state,
    ejections: health.ejections,
    timeline: health.timeline,
  }
}

/** Whether reads may be sent to it. A lagging one is left to those who ask for stale data. */
export function mayServe(health: ReplicaHealth): boolean {
  return health.state === 'warming' || health.state === 'healthy'
}

/**
 * Whether it is to be probed now. One that is ejected is left alone for its time, so that a server that starts up is not flooded;
 * all others are probed at every interval.
 */
export function mayProbe(health: ReplicaHealth, nowMs: number): boolean {
  if (health.state === 'draining') return false
  return health.probeAtMs === undefined || nowMs >= health.probeAtMs
}

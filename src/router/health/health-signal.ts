/** A replica's probe was answered. */
export interface ProbeOk {
  readonly kind: 'probe-ok'
  readonly atMs: number
  /** `pg_is_in_recovery()`: false when the server has been promoted. */
  readonly inRecovery: boolean
  /** Whether its system identifier is the primary's. True where the primary's is not known yet. */
  readonly sameSystem: boolean
  /** Of its write-ahead log, where the server told it: a standby does so only to roles with privileges. */
  readonly timeline: number | undefined
  /**
   * What it has yet to replay, and since when; see `LagRing`. Nothing where it cannot be told, as before the primary was seen:
   * that speaks neither for nor against the replica.
   */
  readonly lagBytes: number | undefined
  readonly lagMs: number | undefined
}

/** What can change the state of a replica. `atMs` is on the same clock in all of them. */
export type HealthSignal =
  | ProbeOk
  /** No answer to the probe in time, or no connection. Not to be sent where the event loop stalled: then the time says nothing. */
  | { readonly kind: 'probe-failed'; readonly atMs: number }
  /** A read was answered, be it with an error of the server's. */
  | { readonly kind: 'read-ok'; readonly atMs: number }
  /** A read failed as `unreachable` or `lost`, see `retry/read-error.ts`. */
  | { readonly kind: 'read-failed'; readonly atMs: number }
  /** It is much slower than the others, see `latency.ts`. */
  | { readonly kind: 'too-slow'; readonly atMs: number }
  /** It is no longer in the configuration, or in the DNS. */
  | { readonly kind: 'drain'; readonly atMs: number }
  /** Time has passed. */
  | { readonly kind: 'tick'; readonly atMs: number }

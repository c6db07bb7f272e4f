/** How many different positions are kept: at one probe a second, the lag of a replica is known up to ten minutes. */
export const DEFAULT_LAG_SAMPLES: number = 600

/** For how long the primary was seen at one position of its write-ahead log. */
interface Stay {
  readonly lsn: bigint
  readonly firstAtMs: number
  lastAtMs: number
}

/**
 * When the primary stood where, as its probe saw it; from that the lag of any replica follows. Neither of the usual formulas
 * does: the age of the last replayed transaction grows on an idle primary, and what was received hides what was never sent.
 *
 * An idle primary stays at one position, and only the time of the stay grows: a replica that has replayed it lags 0 ms.
 *
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL
 */
export class LagRing {
  /** Oldest first; times and positions grow. */
  readonly #stays: Stay[] = []
  readonly #capacity: number
  #frozen = false

  /** @param capacity different positions that are kept, at least 1 */
  constructor(capacity: number = DEFAULT_LAG_SAMPLES) {
    this.#capacity = capacity
  }

  /**
   * Takes what the primary's probe saw. An answer that overtook a later one is dropped. Positions beyond this one are forgotten:
   * after a failover that lost writes, the log goes on before them.
   *
   * @param atMs when the probe was sent, not when it was answered: then the lag is never said to be less than it is
   * @param primaryLsn `pg_current_wal_insert_lsn()`
   */
  sample(atMs: number, primaryLsn: bigint): void {
    const latest = this.#stays.at(-1)
    if (latest && atMs < latest.lastAtMs) return
    this.#frozen = false
    while ((this.#stays.at(-1)?.lsn ?? primaryLsn) > primaryLsn) this.#stays.pop()
    const stay = this.#stays.at(-1)
    if (stay?.lsn === primaryLsn) {
      stay.lastAtMs = atMs
      return
    }
    this.#stays.push({ lsn: primaryLsn, firstAtMs: atMs, lastAtMs: atMs })
    if (this.#stays.length > this.#capacity) this.#stays.shift()
  }

  /** The primary's probe got no answer: until the next sample, every lag is told as of the last one. */
  freeze(): void {
    this.#frozen = true
  }

  /** Since when nothing is known of the primary: the time of the last sample; `undefined` while its probe is answered. */
  get frozenSinceMs(): number | undefined {
    return this.#frozen ? this.#stays.at(-1)?.lastAtMs : undefined
  }

  /**
   * How old what a replica shows may be: the age of the newest sample that it has replayed, so up to one probe interval more
   * than it is; 0 when it has replayed the newest one.
   *
   * @param replayLsn `pg_last_wal_replay_lsn()` of the replica
   * @returns nothing before the first sample, and where the replica is behind the oldest one: see {@link leastLagMs}
   */
  lagMs(replayLsn: bigint, nowMs: number): number | undefined {
    const latest = this.#stays.at(-1)
    if (latest && replayLsn >= latest.lsn) return 0
    const replayed = this.#stays.findLast(({ lsn }) => lsn <= replayLsn)
    return replayed && Math.max(0, this.#asOf(nowMs) - replayed.lastAtMs)
  }

  /**
   * How much a replica lags at the least: the age of the oldest sample that it has not replayed. This is known also where the
   * samples do not reach back to what it shows. Nothing before the first sample.
   */
  leastLagMs(replayLsn: bigint, nowMs: number): number | undefined {
    if (this.#stays.length === 0) return undefined
    const missing = this.#stays.find(({ lsn }) => lsn > replayLsn)
    return missing ? Math.max(0, this.#asOf(nowMs) - missing.firstAtMs) : 0
  }

  /** How many bytes of the write-ahead log a replica has yet to replay, as of the newest sample; nothing before the first. */
  lagBytes(replayLsn: bigint): number | undefined {
    const latest = this.#stays.at(-1)
    if (!latest) return undefined
    return replayLsn >= latest.lsn ? 0 : Number(latest.lsn - replayLsn)
  }

  #asOf(nowMs: number): number {
    return this.frozenSinceMs ?? nowMs
  }
}

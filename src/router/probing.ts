import { setTimeout as sleep } from 'node:timers/promises'
import type { LagRing } from './health/lag-ring.ts'
import type { ProbeReport } from './probe/probe-report.ts'
import type { Prober } from './probe/prober.ts'
import type { Replica } from './replica.ts'
import { CLOCK_SKEW_MS } from './token/clock-skew.ts'
import type { PrimaryPosition } from './token/demand.ts'
import { normaliseLsn } from './token/wal-position.ts'

/** Shifts each round by up to this share of the interval, so that many processes do not probe all at once. */
const JITTER = 0.1

/** Asks every server, round after round, how it stands. Begins when somebody needs to know, and keeps no process alive. */
export class Probing {
  readonly #primary: Prober
  readonly #replicas: readonly Replica[]
  readonly #ring: LagRing
  readonly #intervalMs: number
  readonly #afterRound: () => void
  readonly #stop = new AbortController()
  #first: Promise<void> | undefined
  #report: ProbeReport | undefined
  #seenAtMs = 0
  #answers = false

  /** @param afterRound called behind each round */
  constructor(
    primary: Prober,
    replicas: readonly Replica[],
    ring: LagRing,
    intervalMs: number,
    afterRound: () => void,
  ) {
    this.#primary = primary
    this.#replicas = replicas
    this.#ring = ring
    this.#intervalMs = intervalMs
    this.#afterRound = afterRound
  }

  /** What the primary said last, even if it does not answer now; nothing before it has answered once. */
  get primary(): ProbeReport | undefined {
    return this.#report
  }

  /** Whether it answered the last time. */
  get primaryAnswers(): boolean {
    return this.#answers
  }

  /** What tokens are judged by. */
  get primaryPosition(): PrimaryPosition | undefined {
    return this.#report && { ...this.#report, seenAtMs: this.#seenAtMs }
  }

  /** Settles when every server has been asked once, or has not answered. */
  started(): Promise<void> {
    this.#first ??= this.#begin()
    return this.#first
  }

  close(): void {
    this.#stop.abort()
    this.#primary.close()
    for (const { prober } of this.#replicas) prober.close()
  }

  async #begin(): Promise<void> {
    await this.#round()
    void this.#goOn()
  }

  async #goOn(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const pauseMs = this.#intervalMs * (1 + JITTER * (2 * Math.random() - 1))
      try {
        await sleep(pauseMs, undefined, { ref: false, signal: this.#stop.signal })
      } catch {
        return
      }
      await this.#round()
    }
  }

  /** The primary first: what a replica says after that is not behind it by what was written in between. */
  async #round(): Promise<void> {
    await this.#askPrimary()
    await Promise.all(this.#replicas.map((replica) => this.#ask(replica)))
    this.#afterRound()
  }

  async #askPrimary(): Promise<void> {
    const [askedAtMs, sampledAtMs] = [Date.now(), performance.now()]
    try {
      const report = await this.#primary.probe()
      // Whoever is in recovery is no primary, and its position says nothing about how far behind the others are.
      if (report.inRecovery) throw new Error('The primary is in recovery.')
      const lsn = normaliseLsn(report.lsn, report.segmentBytes, report.blockBytes)
      this.#report = { ...report, lsn }
      this.#seenAtMs = askedAtMs - CLOCK_SKEW_MS
      this.#answers = true
      this.#ring.sample(sampledAtMs, lsn)
    } catch {
      this.#answers = false
      this.#ring.freeze()
    }
  }

  async #ask(replica: Replica): Promise<void> {
    if (!replica.isDueForProbe(performance.now())) return
    try {
      const report = await replica.prober.probe()
      const atMs = performance.now()
      replica.noteProbe(report, {
        kind: 'probe-ok',
        atMs,
        inRecovery: report.inRecovery,
        sameSystem: this.#report === undefined || this.#report.systemId === report.systemId,
        timeline: report.timeline,
        lagBytes: this.#ring.lagBytes(report.lsn),
        lagMs: this.#ring.lagMs(report.lsn, atMs) ?? this.#ring.leastLagMs(report.lsn, atMs),
      })
    } catch (error) {
      replica.noteProbeFailure(error, performance.now())
    }
  }
}

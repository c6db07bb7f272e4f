import { replicaEvents } from '../telemetry.ts'
import { giveUpSource } from '../wire/give-up-source.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import type { Candidate } from './balance/candidate.ts'
import type { HealthRules } from './health/health-rules.ts'
import type { HealthSignal } from './health/health-signal.ts'
import { mayProbe, mayServe, type ReplicaHealth, unknownHealth } from './health/replica-health.ts'
import { nextHealth } from './health/replica-state.ts'
import type { ProbeReport } from './probe/probe-report.ts'
import { ProbeQueuedError, type Prober } from './probe/prober.ts'
import { isOutdated } from './retry/pooler-error.ts'
import { classifyReadError } from './retry/read-error.ts'

/** How a replica is named, and what share of the reads it is to have. */
export interface ReplicaName {
  readonly id: string
  readonly az: string | undefined
  readonly weight: number
}

/** One replica, and what is known of it. */
export class Replica implements Candidate {
  readonly id: string
  readonly az: string | undefined
  readonly source: TenantSource
  readonly prober: Prober
  readonly #share: number
  readonly #rules: HealthRules
  #warmth = 1
  #health: ReplicaHealth = unknownHealth(performance.now())
  #replayed = 0n
  #served = 0
  #failedAtMs = Number.NEGATIVE_INFINITY
  #probeError: unknown

  constructor({ id, az, weight }: ReplicaName, source: TenantSource, prober: Prober, rules: HealthRules) {
    this.id = id
    this.az = az
    this.source = source
    this.prober = prober
    this.#share = weight
    this.#rules = rules
  }

  get health(): ReplicaHealth {
    return this.#health
  }

  get mayServe(): boolean {
    return mayServe(this.#health)
  }

  get weight(): number {
    return this.#share * this.#warmth
  }

  get outstanding(): number {
    return this.source.admission.outstanding
  }

  /** How far it is known to have replayed. It may be further. */
  get replayed(): bigint {
    return this.#replayed
  }

  /** The timeline that it was last known to follow; 0 where that is not known. */
  get timeline(): number {
    return this.#health.timeline ?? 0
  }

  /** Reads that it has answered. */
  get served(): number {
    return this.#served
  }

  /** What the last probe failed with; nothing if it was answered. */
  get probeError(): unknown {
    return this.#probeError
  }

  isDueForProbe(nowMs: number): boolean {
    return mayProbe(this.#health, nowMs)
  }

  /** @param warmth next to the warmest of all, up to 1 */
  warm(warmth: number): void {
    this.#warmth = warmth
  }

  countServed(nowMs: number): void {
    this.#served += 1
    this.signal({ kind: 'read-ok', atMs: nowMs })
  }

  /** Reads that were under way together when one failed failed together: a server that ends ten sessions at once has failed once. */
  countFailed(sentAtMs: number, nowMs: number): void {
    if (sentAtMs < this.#failedAtMs) return
    this.#failedAtMs = nowMs
    this.signal({ kind: 'read-failed', atMs: nowMs })
  }

  noteReplayed(lsn: bigint): void {
    if (lsn > this.#replayed) this.#replayed = lsn
  }

  /** A probe was answered. A restored copy may stand before where it stood. */
  noteProbe({ lsn }: ProbeReport, signal: HealthSignal): void {
    this.#replayed = lsn
    this.#probeError = undefined
    this.signal(signal)
  }

  /**
   * A probe was not answered. Where there was no room for it, that is no fault of the replica's; and at the end of an ejection
   * what a pooler remembers is no reason for another one.
   */
  noteProbeFailure(error: unknown, nowMs: number): void {
    this.#probeError = error
    if (error instanceof ProbeQueuedError || classifyReadError(error) === 'busy') return
    if (this.#health.state === 'ejected' && isOutdated(error)) return
    this.signal({ kind: 'probe-failed', atMs: nowMs })
  }

  signal(signal: HealthSignal): void {
    const before = this.#health
    this.#health = nextHealth(before, signal, this.#rules, Math.random())
    const { state } = this.#health
    if (state === before.state) return
    replicaEvents.publish(() => ({ replica: this.id, from: before.state, to: state, cause: signal.kind }))
    // Reads that were sent there before wait for nobody: of a server that is gone, and of a pooler that keeps them until it is back.
    if (state === 'ejected' && this.#health.ejectedFor === 'errors') {
      giveUpSource(this.source, new Error(`The replica ${this.id} does not answer.`))
    }
  }
}

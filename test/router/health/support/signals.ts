import { DEFAULT_HEALTH_RULES, type HealthRules } from '../../../../src/router/health/health-rules.ts'
import type { HealthSignal, ProbeOk } from '../../../../src/router/health/health-signal.ts'
import { type ReplicaHealth, unknownHealth } from '../../../../src/router/health/replica-health.ts'
import { nextHealth } from '../../../../src/router/health/replica-state.ts'

const FRESH: Omit<ProbeOk, 'atMs'> = {
  kind: 'probe-ok',
  inRecovery: true,
  sameSystem: true,
  timeline: 1,
  lagBytes: 0,
  lagMs: 0,
}

/** A replica with a clock, to which signals are sent one after the other. */
export class Patient {
  health: ReplicaHealth = unknownHealth(0)
  nowMs = 0
  readonly #rules: HealthRules

  constructor(rules: HealthRules = DEFAULT_HEALTH_RULES) {
    this.#rules = rules
  }

  /** One that has been healthy for so long. */
  static healthy(forMs = 0): Patient {
    const patient = new Patient()
    patient.probe()
    patient.after(30_000).send('tick')
    return patient.after(forMs)
  }

  after(ms: number): this {
    this.nowMs += ms
    return this
  }

  send(kind: Exclude<HealthSignal['kind'], 'probe-ok'>, random = 0.5): ReplicaHealth {
    return this.#take({ kind, atMs: this.nowMs }, random)
  }

  /** A second later, a probe that is answered. */
  probe(found: Partial<ProbeOk> = {}): ReplicaHealth {
    this.nowMs += 1_000
    return this.#take({ ...FRESH, ...found, atMs: this.nowMs }, 0.5)
  }

  /** A second later, a probe that is not answered. */
  probeFails(): ReplicaHealth {
    return this.after(1_000).send('probe-failed')
  }

  /** As many connection errors of reads as eject. */
  break(random = 0.5): ReplicaHealth {
    for (let i = 0; i < this.#rules.maxErrors; i += 1) this.send('read-failed', random)
    return this.health
  }

  #take(signal: HealthSignal, random: number): ReplicaHealth {
    this.health = nextHealth(this.health, signal, this.#rules, random)
    return this.health
  }
}

import { eject, prolong } from './ejection.ts'
import { DEFAULT_HEALTH_RULES, type HealthRules } from './health-rules.ts'
import type { HealthSignal, ProbeOk } from './health-signal.ts'
import { enter, mayServe, type ReplicaHealth } from './replica-health.ts'

/**
 * What a replica is after a signal.
 *
 * A first good probe makes it `warming`. A fresh process has only such replicas, which is no harm: weights count next to each
 * other, see `weight.ts`. What a probe says of the role and the cluster counts at once and in every state, except in the way out.
 *
 * @param random drawn anew for each call, from [0, 1)
 * @returns the same object where nothing has changed
 */
export function nextHealth(
  health: ReplicaHealth,
  signal: HealthSignal,
  rules: HealthRules = DEFAULT_HEALTH_RULES,
  random = 0.5,
): ReplicaHealth {
  if (health.state === 'draining') return health
  const { atMs } = signal
  switch (signal.kind) {
    case 'probe-ok':
      return afterProbe(health, signal, rules)
    case 'probe-failed':
      return afterFailedProbe(health, atMs, rules, random)
    case 'read-ok':
      return health.readErrors === 0 ? health : { ...health, readErrors: 0 }
    case 'read-failed':
      return afterError({ ...health, readErrors: health.readErrors + 1 }, health, atMs, rules, random)
    case 'too-slow':
      return mayServe(health) ? eject(health, 'latency', atMs, rules, random) : health
    case 'drain':
      return enter(health, 'draining', atMs)
    case 'tick':
      return warmedUp(health, atMs, rules)
  }
}

/** Whether a replica that is on its way out has had its time, so that its pool may be closed. */
export function isDrained(
  health: ReplicaHealth,
  nowMs: number,
  rules: HealthRules = DEFAULT_HEALTH_RULES,
): boolean {
  return health.state === 'draining' && nowMs - health.sinceMs >= rules.drainMs
}

function afterProbe(before: ReplicaHealth, probe: ProbeOk, rules: HealthRules): ReplicaHealth {
  const { atMs, timeline } = probe
  const health = before.timeline === timeline ? before : { ...before, timeline }
  if (!probe.sameSystem) return inState(health, 'foreign', atMs)
  if (!probe.inRecovery) return inState(health, 'promoted', atMs)
  const lags = exceeds(probe, rules, 1)
  switch (health.state) {
    case 'ejected':
      // An answer before its time is one to a probe that was sent before the ejection.
      return atMs < (health.probeAtMs ?? 0) ? health : enter(health, lags ? 'lagging' : 'warming', atMs)
    case 'lagging':
      return afterProbeOfLagging(health, probe, rules)
    case 'warming':
    case 'healthy':
      return afterProbeOfServing({ ...health, probeErrors: 0 }, lags, atMs, rules)
    default:
      return enter(health, lags ? 'lagging' : 'warming', atMs)
  }
}

function afterProbeOfServing(
  health: ReplicaHealth,
  lags: boolean,
  atMs: number,
  rules: HealthRules,
): ReplicaHealth {
  const lagged = [...health.lagged, lags].slice(-rules.lagWindow)
  if (lagged.filter(Boolean).length >= rules.lagProbes) return enter(health, 'lagging', atMs)
  return warmedUp({ ...health, lagged }, atMs, rules)
}

function afterProbeOfLagging(health: ReplicaHealth, probe: ProbeOk, rules: HealthRules): ReplicaHealth {
  const isTold = probe.lagBytes !== undefined || probe.lagMs !== undefined
  const calm = isTold && !exceeds(probe, rules, 0.5) ? health.calm + 1 : 0
  if (calm >= rules.calmProbes) return enter(health, 'warming', probe.atMs)
  return { ...health, calm, probeErrors: 0 }
}

function afterFailedProbe(
  health: ReplicaHealth,
  atMs: number,
  rules: HealthRules,
  random: number,
): ReplicaHealth {
  if (health.state === 'ejected') {
    return atMs < (health.probeAtMs ?? 0) ? health : prolong(health, atMs, rules, random)
  }
  return afterError({ ...health, probeErrors: health.probeErrors + 1 }, health, atMs, rules, random)
}

/** Late errors of reads that an ejected replica was sent before do not count, nor do those of one that never served. */
function afterError(
  after: ReplicaHealth,
  before: ReplicaHealth,
  atMs: number,
  rules: HealthRules,
  random: number,
): ReplicaHealth {
  if (!mayServe(before) && before.state !== 'lagging') return before
  const errors = after.readErrors + after.probeErrors
  return errors >= rules.maxErrors ? eject(before, 'errors', atMs, rules, random) : after
}

function warmedUp(health: ReplicaHealth, atMs: number, rules: HealthRules): ReplicaHealth {
  if (health.state !== 'warming' || atMs - health.sinceMs < rules.warmUpMs) return health
  return { ...health, state: 'healthy', sinceMs: atMs }
}

function inState(health: ReplicaHealth, state: 'promoted' | 'foreign', atMs: number): ReplicaHealth {
  return health.state === state ? health : enter(health, state, atMs)
}

/** Whether the lag that a probe found is more than a part of what is allowed. */
function exceeds(probe: ProbeOk, rules: HealthRules, part: number): boolean {
  const { lagBytes = 0, lagMs = 0 } = probe
  return lagBytes > part * rules.maxLagBytes || lagMs > part * rules.maxLagMs
}

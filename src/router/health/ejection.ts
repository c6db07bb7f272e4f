import type { HealthRules } from './health-rules.ts'
import { enter, type ReplicaHealth } from './replica-health.ts'

/**
 * Takes a replica out of the read set, for longer each time.
 *
 * @param random from [0, 1)
 */
export function eject(
  health: ReplicaHealth,
  reason: 'errors' | 'latency',
  atMs: number,
  rules: HealthRules,
  random: number,
): ReplicaHealth {
  const recovered = health.state === 'healthy' && atMs - health.sinceMs >= rules.ejectionForgetMs
  const before = recovered ? 0 : health.ejections
  return {
    ...enter(health, 'ejected', atMs),
    ejections: before + 1,
    ejectedFor: reason,
    probeAtMs: atMs + ejectionMs(before, rules, random),
  }
}

/** Leaves an ejected replica out for longer, after the probe at the end of its time failed. */
export function prolong(
  health: ReplicaHealth,
  atMs: number,
  rules: HealthRules,
  random: number,
): ReplicaHealth {
  return {
    ...health,
    ejections: health.ejections + 1,
    probeAtMs: atMs + ejectionMs(health.ejections, rules, random),
  }
}

function ejectionMs(before: number, rules: HealthRules, random: number): number {
  const { ejectionBaseMs, ejectionCapMs, ejectionJitter } = rules
  const evenMs = Math.min(ejectionCapMs, ejectionBaseMs * 2 ** before)
  return evenMs * (1 + ejectionJitter * (2 * random - 1))
}

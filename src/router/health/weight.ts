import { DEFAULT_HEALTH_RULES, type HealthRules } from './health-rules.ts'
import type { ReplicaHealth } from './replica-health.ts'

/**
 * How much of its share a replica gets while its caches are cold: from `warmUpFrom`, which is 0.1, evenly up to 1 over
 * `warmUpMs`; 1 when it is not warming.
 */
export function weightOf(
  health: ReplicaHealth,
  nowMs: number,
  rules: HealthRules = DEFAULT_HEALTH_RULES,
): number {
  // A time of none is over at once, and no number to divide by.
  if (health.state !== 'warming' || rules.warmUpMs === 0) return 1
  const done = Math.max(0, Math.min(1, (nowMs - health.sinceMs) / rules.warmUpMs))
  return rules.warmUpFrom + (1 - rules.warmUpFrom) * done
}

/**
 * The weights of replicas next to each other: the warmest has 1. A fresh process sees only replicas that are warming, and they
 * get equal shares at full weight, because there is no warm one to spare them for; so a limit on what is outstanding for each
 * unit of weight, such as that of `preferZone`, holds then as well.
 *
 * @returns in the order of `healths`
 */
export function relativeWeights(
  healths: readonly ReplicaHealth[],
  nowMs: number,
  rules: HealthRules = DEFAULT_HEALTH_RULES,
): number[] {
  const weights = healths.map((health) => weightOf(health, nowMs, rules))
  const warmest = Math.max(...weights)
  return weights.map((weight) => weight / warmest)
}

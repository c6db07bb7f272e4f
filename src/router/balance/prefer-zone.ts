import type { Candidate } from './candidate.ts'
import { loadOf } from './load.ts'

/** About where one process has taken the connections that a pool of pg has by default, which is 10. */
export const DEFAULT_SPILL_LOAD: number = 8

/**
 * The candidates of the own availability zone, where there are any; else all of them. A read inside the zone is quicker, and
 * traffic between zones is paid for.
 *
 * Those of the own zone that are saturated do not count: when all are, all candidates of all zones come back, and the balancer
 * chooses among them by its own rule. Without that limit a zone with one replica would queue its reads there while the others
 * are idle, and a replica that is warming would get every read if it is alone in its zone. Its weight is small, so
 * that it counts as saturated early.
 *
 * @param zone the zone that this process is in; without one, all candidates come back
 * @param spillLoad unanswered reads for each unit of weight at which a replica counts as saturated: a little below the size of
 *   its pool, since a read beyond that waits for a connection; `Infinity` never leaves a zone that has a candidate. Weights are
 *   to be relative to the warmest replica, see `health/weight.ts`, or else a process that has just started leaves its zone
 */
export function preferZone<C extends Candidate>(
  candidates: readonly C[],
  zone: string | undefined,
  spillLoad: number = DEFAULT_SPILL_LOAD,
): readonly C[] {
  if (zone === undefined) return candidates
  const near = candidates.filter((candidate) => candidate.az === zone && loadOf(candidate) < spillLoad)
  return near.length > 0 ? near : candidates
}

import type { ServiceMetrics } from '@clinic/kit'
import type { Observation } from '../collect/observation.ts'
import { rise, type Stretch } from './deltas.ts'

/** Where work went. */
export type Place = 'primary' | 'replica' | 'nowhere'

/** One reason why work went where it went. */
export interface ReasonView {
  readonly reason: string
  readonly place: Place
  readonly meaning: string
  readonly sinceStart: number
  readonly perS: number
  /** Of all that was routed in the stretch; of all since the start where nothing was. */
  readonly share: number
}

/** All of them, and the share of reads. */
export interface RoutingView {
  readonly reasons: readonly ReasonView[]
  /** Reads among all work since the start, by where it was routed, or by what it was where a service has no replicas; nothing without any. */
  readonly readShare: number | undefined
  /** Reads and writes that this is the share of. */
  readonly judged: number
  /** Reads that a replica served, among all reads since the start. */
  readonly replicaShare: number | undefined
  readonly routed: number
}

/** As docs/router.md has them. */
const REASONS: Readonly<Record<string, readonly [place: Place, meaning: string]>> = {
  write: ['primary', 'Writes go to the primary'],
  replica: ['replica', 'A read, served by a replica'],
  waited: ['replica', 'A replica caught up while the read waited'],
  stale: ['replica', 'A replica served it though it lags, as the options allow'],
  asked: ['primary', 'The caller asked for the primary'],
  strong: ['primary', 'The read has to be up to date'],
  isolation: ['primary', 'The isolation level needs the primary'],
  token: ['primary', 'The consistency token cannot be judged'],
  behind: ['primary', 'No replica has yet what the client wrote'],
  lagging: ['primary', 'All replicas lag: the primary helps out'],
  down: ['primary', 'No replica is up: the primary helps out'],
  failed: ['primary', 'Replicas were tried, and failed'],
  refused: ['nowhere', 'Turned away: too much at once'],
}

export function placeOf(reason: string): Place {
  return REASONS[reason]?.[0] ?? 'primary'
}

/** Adds up the services' reasons. */
export function viewRouting({ services }: Observation, all: readonly Stretch[]): RoutingView {
  const since = new Map<string, number>()
  for (const { metrics } of services) {
    if (!metrics.ok) continue
    for (const [reason, times] of Object.entries(metrics.value.routes)) {
      since.set(reason, (since.get(reason) ?? 0) + times)
    }
  }
  const rateOf = (reason: string) =>
    all.reduce((sum, stretch) => sum + rise(stretch, countOf(reason)) / stretch.seconds, 0)
  const rates = new Map([...since.keys()].map((reason) => [reason, rateOf(reason)]))
  const total = [...since.values()].reduce((sum, times) => sum + times, 0)
  const totalRate = [...rates.values()].reduce((sum, perS) => sum + perS, 0)
  const reasons = [...since]
    .map(([reason, sinceStart]): ReasonView => {
      const perS = rates.get(reason) ?? 0
      return {
        ...{ reason, sinceStart, perS },
        place: placeOf(reason),
        meaning: REASONS[reason]?.[1] ?? 'A reason that this page does not know',
        share: totalRate > 0 ? perS / totalRate : sinceStart / Math.max(total, 1),
      }
    })
    .sort((a, b) => b.share - a.share || a.reason.localeCompare(b.reason))
  const reads = total - (since.get('write') ?? 0) - (since.get('refused') ?? 0)
  const routed = total - (since.get('refused') ?? 0)
  const unrouted = unroutedWork({ services })
  const judged = routed + unrouted.reads + unrouted.writes
  const byReplica = reasons
    .filter(({ place }) => place === 'replica')
    .reduce((sum, { sinceStart }) => sum + sinceStart, 0)
  return {
    reasons,
    readShare: judged === 0 ? undefined : (reads + unrouted.reads) / judged,
    judged,
    replicaShare: reads === 0 ? undefined : byReplica / reads,
    routed: total,
  }
}

/** The work of services that route nothing, because they have no replicas. */
function unroutedWork({ services }: Pick<Observation, 'services'>): ServiceMetrics['work'] {
  let reads = 0
  let writes = 0
  for (const { metrics } of services) {
    if (!metrics.ok || Object.keys(metrics.value.routes).length > 0) continue
    reads += metrics.value.work.reads
    writes += metrics.value.work.writes
  }
  return { reads, writes }
}

/** The count of one place in what a service said. */
export function countAt(place: Place): (metrics: ServiceMetrics) => number {
  return ({ routes }) =>
    Object.entries(routes).reduce(
      (sum, [reason, times]) => (placeOf(reason) === place ? sum + times : sum),
      0,
    )
}

function countOf(reason: string): (metrics: ServiceMetrics) => number {
  return ({ routes }) => routes[reason] ?? 0
}

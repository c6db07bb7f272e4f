import type { CacheMetrics, ServiceMetrics } from '@clinic/kit'
import type { Observation } from '../collect/observation.ts'
import { rise, type Stretch } from './deltas.ts'
import type { Status } from './status.ts'

/** The cache of one service. */
export interface CacheView {
  readonly service: string
  readonly status: Status
  readonly note: string
  readonly hits: number
  readonly misses: number
  /** Of the stretch, or since the start where nothing was asked in it; nothing where nothing ever was. */
  readonly hitShare: number | undefined
  readonly staleRejected: number
  readonly unavailable: number
  readonly failedLoads: number
  readonly compared: number
  readonly staleFound: number
  /** How many nines of consistency the comparisons vouch for; nothing before the first. */
  readonly nines: number | undefined
}

/** Of each service that has one. */
export function viewCaches({ services }: Observation, all: readonly Stretch[]): readonly CacheView[] {
  return services.flatMap(({ name: service, metrics }) => {
    if (!metrics.ok || !metrics.value.cache) return []
    const { cache } = metrics.value
    const { hits, localHits, misses, staleRejected, unavailable, failedLoads, compared, staleFound, nines } =
      cache
    const stretch = all.find(({ name }) => name === service)
    return [
      {
        service,
        ...judge(cache),
        hits: hits + localHits,
        misses,
        hitShare: (stretch && hitShareOf([stretch])) ?? share(hits + localHits, misses),
        ...{ staleRejected, unavailable, failedLoads, compared, staleFound },
        nines: compared === 0 ? undefined : nines,
      },
    ]
  })
}

/** The share of hits in a stretch, all services together; nothing where nothing was asked. */
export function hitShareOf(all: readonly Stretch[]): number | undefined {
  const total = (of: (metrics: ServiceMetrics) => number) =>
    all.reduce((sum, stretch) => sum + rise(stretch, of), 0)
  const hits = total(({ cache }) => (cache ? cache.hits + cache.localHits : 0))
  const misses = total(({ cache }) => cache?.misses ?? 0)
  return share(hits, misses)
}

function share(hits: number, misses: number): number | undefined {
  return hits + misses === 0 ? undefined : hits / (hits + misses)
}

function judge({ isUsable, staleFound, compared }: CacheMetrics): {
  readonly status: Status
  readonly note: string
} {
  if (staleFound > 0) return { status: 'bad', note: `${staleFound} of ${compared} compared hits were stale` }
  if (!isUsable) return { status: 'warn', note: 'Redis does not answer: every read goes to the database' }
  return { status: 'ok', note: 'Redis answers' }
}

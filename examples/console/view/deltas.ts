import type { ServiceMetrics } from '@clinic/kit'
import type { Observation } from '../collect/observation.ts'

/** A service at two moments of one life of its process. */
export interface Stretch {
  readonly name: string
  readonly before: ServiceMetrics
  readonly after: ServiceMetrics
  readonly seconds: number
}

/**
 * Pairs what each service said then and now. Left out is a service that did not answer at either moment, or that was started anew in
 * between: its counts began at 0, and a difference would be negative or, worse, plausible.
 */
export function stretches(before: Observation | undefined, after: Observation): readonly Stretch[] {
  return after.services.flatMap(({ name, metrics }) => {
    const earlier = before?.services.find((service) => service.name === name)?.metrics
    if (!metrics.ok || !earlier?.ok) return []
    const seconds = (Date.parse(metrics.value.at) - Date.parse(earlier.value.at)) / 1_000
    const isSameProcess = metrics.value.uptimeS >= earlier.value.uptimeS
    return seconds > 0 && isSameProcess
      ? [{ name, before: earlier.value, after: metrics.value, seconds }]
      : []
  })
}

/** How much a count rose in one stretch; never less than 0. */
export function rise({ before, after }: Stretch, of: (metrics: ServiceMetrics) => number): number {
  return Math.max(0, of(after) - of(before))
}

/** How much a count rose each second, all services together. */
export function perSecond(all: readonly Stretch[], of: (metrics: ServiceMetrics) => number): number {
  return all.reduce((sum, stretch) => sum + rise(stretch, of) / stretch.seconds, 0)
}

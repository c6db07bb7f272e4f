import type { ServiceMetrics } from '@clinic/kit'
import { z } from 'zod'
import { NotMeasuredError } from './clinics.ts'

/** A service that takes longer is in trouble, and the page is not to wait for it. */
const LIMIT_MS = 900

const number = z.number()
const percentiles = z.object({ p50: number, p99: number, max: number })
const counts = z.record(z.string(), number)
/** What this page reads of `ServiceMetrics`: another version of a service may be running than the kit that this was built with. */
const metricsSchema = z.looseObject({
  service: z.string(),
  at: z.iso.datetime(),
  uptimeS: number,
  pools: z.array(
    z.looseObject({
      name: z.string(),
      role: z.enum(['primary', 'replica']),
      capacity: number,
      inUse: number,
    }),
  ),
  replicas: z.array(z.looseObject({ id: z.string(), state: z.string(), lagMs: number.nullable() })),
  routes: counts,
  work: z.object({ reads: number, writes: number }).default({ reads: 0, writes: 0 }),
  http: z.object({ requests: number, errors: number, byStatus: counts }),
  holdMs: percentiles,
  roundTripMs: percentiles,
  cache: z.looseObject({ hits: number, localHits: number, misses: number }).optional(),
  tenants: z.array(z.looseObject({ tenant: z.string(), operations: number, errors: number, busyMs: number })),
  alarms: number,
})

/**
 * Asks a service for its numbers.
 *
 * @throws {NotMeasuredError} with words for the page
 */
export async function fetchMetrics(url: string, metricsToken: string): Promise<ServiceMetrics> {
  const response = await fetch(new URL('/internal/metrics', url), {
    headers: { authorization: `Bearer ${metricsToken}` },
    signal: AbortSignal.timeout(LIMIT_MS),
    cache: 'no-store',
  }).catch(() => {
    throw new NotMeasuredError('Does not answer')
  })
  if (!response.ok) throw new NotMeasuredError(`Answers its metrics with status ${response.status}`)
  const read = metricsSchema.safeParse(await response.json().catch(() => undefined))
  if (!read.success) throw new NotMeasuredError('Answers with metrics of another shape')
  return read.data as unknown as ServiceMetrics
}

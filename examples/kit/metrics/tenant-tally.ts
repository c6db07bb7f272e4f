import type { TenantMetrics } from './service-metrics.ts'

interface Tally {
  operations: number
  errors: number
  busyMs: number
}

const WINDOW_MS = 60_000
/** The window moves by so much, so that what is kept of a tenant is a few numbers. */
const SLICE_MS = 10_000

/** What each tenant has done in the last minute, or a little less. A tenant that did nothing leaves nothing. */
export class TenantTally {
  #slices: { readonly slice: number; readonly tenants: Map<string, Tally> }[] = []

  count(
    tenant: string,
    { isError, durationMs }: { readonly isError: boolean; readonly durationMs: number },
    nowMs: number,
  ): void {
    const slice = Math.floor(nowMs / SLICE_MS)
    let latest = this.#slices.at(-1)
    if (latest?.slice !== slice) {
      latest = { slice, tenants: new Map() }
      this.#slices = [...this.#recent(nowMs), latest]
    }
    const tally = latest.tenants.get(tenant) ?? { operations: 0, errors: 0, busyMs: 0 }
    tally.operations += 1
    tally.errors += isError ? 1 : 0
    tally.busyMs += durationMs
    latest.tenants.set(tenant, tally)
  }

  /** The tenants that were busy for longest, most first. */
  busiest(most: number, waiting: ReadonlyMap<string, number>, nowMs: number): readonly TenantMetrics[] {
    const sums = new Map<string, Tally>()
    for (const [tenant, tally] of this.#recent(nowMs).flatMap(({ tenants }) => [...tenants])) {
      const { operations, errors, busyMs } = sums.get(tenant) ?? { operations: 0, errors: 0, busyMs: 0 }
      sums.set(tenant, {
        operations: operations + tally.operations,
        errors: errors + tally.errors,
        busyMs: busyMs + tally.busyMs,
      })
    }
    return [...sums]
      .map(([tenant, tally]) => ({ tenant, ...tally, waiting: waiting.get(tenant) ?? 0 }))
      .sort((a, b) => b.busyMs - a.busyMs)
      .slice(0, most)
  }

  #recent(nowMs: number) {
    return this.#slices.filter(({ slice }) => (slice + 1) * SLICE_MS > nowMs - WINDOW_MS)
  }
}

import type { Observation } from '../collect/observation.ts'
import type { Status } from './status.ts'

/** One clinic that kept the platform busy in the last minute. */
export interface TenantView {
  readonly key: string
  readonly name: string
  readonly status: Status
  readonly operations: number
  readonly errors: number
  readonly busyMs: number
  /** Of the time that all named here took together. */
  readonly share: number
  readonly waiting: number
}

/** The busiest, and how many had to be left out. */
export interface TenantsView {
  readonly tenants: readonly TenantView[]
  /** Dedicated tenants are no part of work across tenants, this page included. */
  readonly dedicatedLeftOut: number
  /** Why nothing is shown, where nothing may be. */
  readonly withheld: string | undefined
}

const MOST = 8
/** One clinic takes so much more than its part, and so much of the whole, that others may feel it. */
const NOISY_TIMES_FAIR = 3
const NOISY_SHARE = 0.4

/**
 * The busiest clinics of all services together.
 *
 * Where the clinics' names cannot be read, nobody knows which of them are dedicated, so nothing is shown.
 */
export function viewTenants({ services, clinics }: Observation): TenantsView {
  if (!clinics.ok) {
    const withheld = 'Who is a dedicated tenant is not known at the moment, so no tenant is shown.'
    return { tenants: [], dedicatedLeftOut: 0, withheld }
  }
  const directory = new Map(clinics.value.map((clinic) => [clinic.tenantHash, clinic]))
  const sums = new Map<string, { operations: number; errors: number; busyMs: number; waiting: number }>()
  for (const { metrics } of services) {
    for (const { tenant, operations, errors, busyMs, waiting } of metrics.ok ? metrics.value.tenants : []) {
      // Of no clinic that is known to be a shared one, nothing is said: it may be a dedicated one that was added since.
      if (directory.get(tenant)?.isDedicated !== false) continue
      const sofar = sums.get(tenant) ?? { operations: 0, errors: 0, busyMs: 0, waiting: 0 }
      sums.set(tenant, {
        operations: sofar.operations + operations,
        errors: sofar.errors + errors,
        busyMs: sofar.busyMs + busyMs,
        waiting: sofar.waiting + waiting,
      })
    }
  }
  const total = [...sums.values()].reduce((all, { busyMs }) => all + busyMs, 0)
  const noisyFrom = Math.max(NOISY_SHARE, NOISY_TIMES_FAIR / Math.max(sums.size, 1))
  const tenants = [...sums]
    .map(([key, figures]): TenantView => {
      const share = total === 0 ? 0 : figures.busyMs / total
      const isNoisy = sums.size > 1 && (share >= noisyFrom || figures.waiting > 0) && share > 1 / sums.size
      const name = directory.get(key)?.name ?? key
      return { key, name, status: isNoisy ? 'warn' : 'ok', ...figures, share }
    })
    .sort((a, b) => b.busyMs - a.busyMs)
    .slice(0, MOST)
  const dedicatedLeftOut = clinics.value.filter(({ isDedicated }) => isDedicated).length
  return { tenants, dedicatedLeftOut, withheld: undefined }
}

import type { TenantId } from '../context/tenant-id.ts'

/** How connections are shared between tenants when more callers want one than there are. */
export interface AdmissionRules {
  /** Callers of all tenants that may wait at once. @default no limit: each waits until its deadline */
  readonly maxQueue?: number
  /** Callers of one tenant that may wait at once. @default no limit: each waits until its deadline */
  readonly maxQueuePerTenant?: number
  /**
   * A tenant's share next to that of others, at least 1: of two that both wait all the time, one with weight 3 is given
   * three connections for each one of a tenant with weight 1. Asked at every call, so it must be quick;
   * work without a tenant, as that of `shared()`, shares as one tenant of weight 1. @default 1
   */
  readonly weight?: (tenant: TenantId) => number
}

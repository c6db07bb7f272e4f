import type { TenantId } from './tenant-id.ts'

declare const brand: unique symbol

/**
 * "No tenant": the tenant setting is '', which policies read as NULL, so that a table of tenants has no rows. A type of its own,
 * because an empty tenant by accident is what {@link TenantId} exists to prevent: neither can be assigned to the other, and
 * {@link NO_TENANT} is the only value.
 */
export type NoTenant = '' & { readonly [brand]: 'NoTenant' }

/** Whom a context is set for. */
export type ContextTenant = TenantId | NoTenant

/** For `shared()` and `system()`, where no tenant is known or none is meant. */
export const NO_TENANT: NoTenant = '' as NoTenant

export function isNoTenant(tenant: ContextTenant): tenant is NoTenant {
  return tenant === NO_TENANT
}

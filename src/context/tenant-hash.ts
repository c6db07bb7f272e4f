import { createHash } from 'node:crypto'
import { type ContextTenant, isNoTenant } from './no-tenant.ts'

/** The first 12 hexadecimal digits of the SHA-256 of a tenant id: enough to tell tenants apart in events. '' for no tenant. */
export function hashTenant(tenant: ContextTenant): string {
  return isNoTenant(tenant) ? '' : createHash('sha256').update(tenant).digest('hex').slice(0, 12)
}

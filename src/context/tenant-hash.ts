import { createHash } from 'node:crypto'
import type { TenantId } from './tenant-id.ts'

/** The first 12 hexadecimal digits of the SHA-256 of a tenant id: enough to tell tenants apart in events. */
export function hashTenant(tenant: TenantId): string {
  return createHash('sha256').update(tenant).digest('hex').slice(0, 12)
}

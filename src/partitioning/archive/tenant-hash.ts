import { createHash, createHmac } from 'node:crypto'

/**
 * The name by which manifests and seals call a tenant: SHA-256 of the id as PostgreSQL writes it, or HMAC-SHA-256 with a key. In
 * hexadecimal. An id that can be guessed, such as a small number, is hidden only by the key.
 */
export function hashTenantId(tenantId: string | null, key?: string): string {
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key)
  return hash
    .update(tenantId === null ? 'leasehold.tenant.null' : `leasehold.tenant:${tenantId}`)
    .digest('hex')
}

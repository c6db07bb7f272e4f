import type { TenantId } from '../../context/tenant-id.ts'

/** Encrypts what lies in Redis. */
export interface CacheCipher {
  /** @param place the key that the bytes lie under; they can be read under no other */
  encrypt(tenant: TenantId, place: string, plain: Buffer): Promise<Buffer>
  /** @throws bytes of another tenant or place, or that were changed */
  decrypt(tenant: TenantId, place: string, bytes: Buffer): Promise<Buffer>
}

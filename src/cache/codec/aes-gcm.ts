import { createCipheriv, createDecipheriv, createSecretKey, KeyObject, randomBytes } from 'node:crypto'
import type { TenantId } from '../../context/tenant-id.ts'
import { ConfigError } from '../../errors/config.ts'
import type { CacheCipher } from './cache-cipher.ts'

/** A key of a tenant, and what it is called, so that a new one can take its place. */
export interface NamedKey {
  /** Goes with each entry: letters, digits, `-` and `_`. */
  readonly id: string
  /** 32 bytes. */
  readonly key: KeyObject | Uint8Array
}

/** Where keys come from. */
export interface AesGcmOptions {
  /**
   * The key of a tenant: without `id` the one to encrypt with now, with it the one of that name; nothing where it is gone, and then
   * everything it encrypted is gone too. Asked for each value, so it keeps what it has fetched. `id` comes from Redis.
   */
  readonly key: (tenant: TenantId, id?: string) => Promise<NamedKey | undefined> | NamedKey | undefined
}

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const ID = /^[A-Za-z0-9_-]{1,64}$/

/**
 * AES-256-GCM with a random nonce for each value. The key in Redis is authenticated with it: a ciphertext that was copied to another
 * tenant, user or key does not open there. A nonce is 96 random bits, so a key is good for 2^32 values (NIST SP 800-38D, 8.3): give it
 * another `id` before.
 *
 * Layout: length of the key's id, id, nonce, ciphertext, tag.
 *
 * Rejects with {@link ConfigError} where there is no key to encrypt with, or it is not of 32 bytes.
 */
export function aesGcm({ key: find }: AesGcmOptions): CacheCipher {
  const keyOf = async (tenant: TenantId, id?: string) => {
    const named = await find(tenant, id)
    if (!named) throw new ConfigError('aesGcm() was given no key for a tenant.')
    return { id: checkedId(named.id), key: secret(named.key) }
  }
  return {
    encrypt: async (tenant, place, plain) => {
      const { id, key } = await keyOf(tenant)
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
      const head = Buffer.concat([Buffer.from([id.length]), Buffer.from(id, 'latin1')])
      cipher.setAAD(Buffer.concat([head, Buffer.from(place, 'utf8')]))
      return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    decrypt: async (tenant, place, bytes) => {
      const start = 1 + (bytes[0] ?? 0)
      const head = bytes.subarray(0, start)
      const { key } = await keyOf(tenant, checkedId(head.toString('latin1', 1)))
      const nonce = bytes.subarray(start, start + NONCE_BYTES)
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.concat([head, Buffer.from(place, 'utf8')]))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      const plain = decipher.update(bytes.subarray(start + NONCE_BYTES, -TAG_BYTES))
      return Buffer.concat([plain, decipher.final()])
    },
  }
}

function secret(key: KeyObject | Uint8Array): KeyObject {
  const object = key instanceof KeyObject ? key : createSecretKey(key)
  if (object.symmetricKeySize === KEY_BYTES) return object
  throw new ConfigError('aesGcm() needs keys of 32 bytes.')
}

function checkedId(id: string): string {
  if (ID.test(id)) return id
  throw new ConfigError("aesGcm() needs the id of a key to be 1 to 64 letters, digits, '-' or '_'.")
}

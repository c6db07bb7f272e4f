import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { aesGcm, type NamedKey } from '../../../src/cache/codec/aes-gcm.ts'
import { slug, type TenantId } from '../../../src/context/tenant-id.ts'
import { ConfigError } from '../../../src/errors/config.ts'

const [ADA, BOB] = [slug('ada'), slug('bob')]
const PLACE = 'p:v:{ada|main}:scope:1.s1'
const PLAIN = Buffer.from('{"name":"a patient"}')

/** Keys of tenants, by name; the last one of a tenant is the one to encrypt with. */
function keyRing() {
  const keys = new Map<TenantId, NamedKey[]>([
    [ADA, [{ id: '1', key: randomBytes(32) }]],
    [BOB, [{ id: '1', key: createSecretKey(randomBytes(32)) }]],
  ])
  const cipher = aesGcm({
    key: async (tenant, id) =>
      id === undefined ? keys.get(tenant)?.at(-1) : keys.get(tenant)?.find((named) => named.id === id),
  })
  return { keys, cipher }
}

describe('AES-GCM', () => {
  it('opens what it closed, for each tenant, also nothing at all', async () => {
    const { cipher } = keyRing()
    for (const tenant of [ADA, BOB]) {
      for (const plain of [PLAIN, Buffer.alloc(0), randomBytes(100_000)]) {
        const bytes = await cipher.encrypt(tenant, PLACE, plain)
        expect(bytes.length).toBe(2 + 12 + plain.length + 16)
        expect((await cipher.decrypt(tenant, PLACE, bytes)).equals(plain)).toBe(true)
      }
    }
  })

  it('closes the same text differently each time, and shows none of it', async () => {
    const { cipher } = keyRing()
    const [one, other] = [await cipher.encrypt(ADA, PLACE, PLAIN), await cipher.encrypt(ADA, PLACE, PLAIN)]
    expect(one.equals(other)).toBe(false)
    expect(one.includes('patient')).toBe(false)
  })

  it('opens nothing that was copied to another tenant or key, even where both tenants have one secret', async () => {
    const secret = randomBytes(32)
    const shared = aesGcm({ key: () => ({ id: '1', key: secret }) })
    const bytes = await shared.encrypt(ADA, PLACE, PLAIN)
    await expect(shared.decrypt(BOB, PLACE.replace('ada', 'bob'), bytes)).rejects.toThrow()
    await expect(shared.decrypt(ADA, PLACE.replace('scope', 'other'), bytes)).rejects.toThrow()
    await expect(shared.decrypt(ADA, PLACE.replace('.s1', '.s2'), bytes)).rejects.toThrow()
    const { cipher } = keyRing()
    const own = await cipher.encrypt(ADA, PLACE, PLAIN)
    await expect(cipher.decrypt(BOB, PLACE, own)).rejects.toThrow()
  })

  it('opens nothing of which a bit was changed, or that was cut off', async () => {
    const { cipher } = keyRing()
    const bytes = await cipher.encrypt(ADA, PLACE, PLAIN)
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      await expect(cipher.decrypt(ADA, PLACE, changed), `byte ${index}`).rejects.toThrow()
      await expect(cipher.decrypt(ADA, PLACE, bytes.subarray(0, index)), `cut at ${index}`).rejects.toThrow()
    }
  })

  it('opens with the key that it was closed with after another has taken its place, until that key is gone', async () => {
    const { keys, cipher } = keyRing()
    const old = await cipher.encrypt(ADA, PLACE, PLAIN)
    keys.get(ADA)?.push({ id: '2', key: randomBytes(32) })
    const renewed = await cipher.encrypt(ADA, PLACE, PLAIN)
    expect((await cipher.decrypt(ADA, PLACE, old)).equals(PLAIN)).toBe(true)
    keys.get(ADA)?.shift()
    expect((await cipher.decrypt(ADA, PLACE, renewed)).equals(PLAIN)).toBe(true)
    await expect(cipher.decrypt(ADA, PLACE, old)).rejects.toThrow(ConfigError)
    keys.delete(ADA)
    await expect(cipher.decrypt(ADA, PLACE, renewed)).rejects.toThrow(ConfigError)
    await expect(cipher.encrypt(ADA, PLACE, PLAIN)).rejects.toThrow(ConfigError)
  })

  it('authenticates the name of the key: one secret under two names does not open the other’s', async () => {
    const secret = randomBytes(32)
    const cipher = aesGcm({ key: (_, id = 'a') => ({ id, key: secret }) })
    const bytes = await cipher.encrypt(ADA, PLACE, PLAIN)
    bytes.write('b', 1, 'latin1')
    await expect(cipher.decrypt(ADA, PLACE, bytes)).rejects.toThrow()
  })

  it.each<[string, NamedKey]>([
    ['a key that is too short', { id: '1', key: randomBytes(16) }],
    ['a key that is no secret', { id: '1', key: generateKeyPairSync('ed25519').privateKey }],
    ['a name that is none', { id: 'a b', key: randomBytes(32) }],
    ['a name that is too long', { id: 'x'.repeat(65), key: randomBytes(32) }],
    ['no name', { id: '', key: randomBytes(32) }],
  ])('refuses %s', async (_, named) => {
    await expect(aesGcm({ key: () => named }).encrypt(ADA, PLACE, PLAIN)).rejects.toThrow(ConfigError)
  })
})

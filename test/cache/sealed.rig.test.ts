import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { aesGcm, type Definition } from '../../src/cache/index.ts'
import type { TenantId } from '../../src/context/tenant-id.ts'
import { type CacheBed, CLINIC, OTHER, openCacheBed } from './support.ts'

const SECRET = 'a finding that nobody else may read'

describe('values that are compressed and encrypted', () => {
  const keys = new Map<TenantId, { id: string; key: Buffer }[]>([
    [CLINIC, [{ id: 'c1', key: randomBytes(32) }]],
    [OTHER, [{ id: 'o1', key: randomBytes(32) }]],
  ])
  let bed: CacheBed
  let redis: Redis
  let text: Definition<unknown, [id: number], string>

  beforeAll(async () => {
    const at = inject('rig').redis
    if (!at) throw new Error('The rig has no Redis.')
    redis = new Redis(at)
    bed = await openCacheBed({
      compress: { above: 10 },
      encrypt: aesGcm({
        key: (tenant, id) => {
          const own = keys.get(tenant) ?? []
          return id === undefined ? own.at(-1) : own.find((key) => key.id === id)
        },
      }),
    })
    text = bed.cache.define('text', {
      key: (id: number) => [id],
      tables: ['rooms'],
      vary: 'tenant',
      ttlMs: 60_000,
      load: async (tx, id) => {
        const { rows } = await tx.query<{ tenant_id: string }>('select tenant_id from rooms where id = $1', [
          id,
        ])
        return `${rows[0]?.tenant_id} ${SECRET.repeat(20)}`
      },
    })
  })

  afterAll(async () => {
    redis.disconnect()
    await bed[Symbol.asyncDispose]()
  })

  const entries = async () => {
    const names = await redis.keys('bed-*:v:*')
    return Promise.all(names.map(async (name) => ({ name, bytes: await redis.getBuffer(name) })))
  }
  const counts = () => bed.cache.snapshot().definitions.text

  it('lie in Redis as nothing that could be read', async () => {
    const value = await text.getFor({ tenant: CLINIC }, 1)
    expect(await text.getFor({ tenant: CLINIC }, 1)).toBe(value)
    expect(counts()).toMatchObject({ hits: 1, stores: 1 })
    for (const { bytes } of await entries()) expect(bytes?.includes('finding')).toBe(false)
  })

  it('of one tenant that were copied to another are a miss there', async () => {
    await text.getFor({ tenant: CLINIC }, 2)
    await text.getFor({ tenant: OTHER }, 2)
    const own = (await entries()).filter(({ name }) => name.includes(CLINIC))
    const unreadable = counts()?.unreadable ?? 0
    for (const { name, bytes } of await entries()) {
      if (!name.includes(OTHER) || !bytes) continue
      const parts = name.slice(name.lastIndexOf(':'))
      const stolen = own.find((entry) => entry.name.endsWith(parts))?.bytes
      if (!stolen) continue
      // Under the other's own generations, as somebody would who can write to Redis.
      const head = bytes.subarray(0, bytes.indexOf('\n'))
      await redis.set(name, Buffer.concat([head, stolen.subarray(stolen.indexOf('\n'))]))
    }
    expect(await text.getFor({ tenant: OTHER }, 2)).toContain(OTHER)
    expect(counts()?.unreadable).toBeGreaterThan(unreadable)
  })

  it('are read under the key they were written with, and are gone with it', async () => {
    const own = keys.get(CLINIC) ?? []
    await text.getFor({ tenant: CLINIC }, 3)
    own.push({ id: 'c2', key: randomBytes(32) })
    const loads = counts()?.loads ?? 0
    await text.getFor({ tenant: CLINIC }, 3)
    expect(counts()?.loads).toBe(loads)
    own.shift()
    await text.getFor({ tenant: CLINIC }, 3)
    expect(counts()?.loads).toBe(loads + 1)
  })
})

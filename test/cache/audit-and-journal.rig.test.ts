import { Redis } from 'ioredis'
import { afterEach, describe, expect, inject, it, vi } from 'vitest'
import { Fences } from '../../src/cache/fences/fences.ts'
import { cacheJournalSql } from '../../src/cache/index.ts'
import { CacheUnavailableError } from '../../src/errors/cache.ts'
import { type CacheBed, CLINIC, openCacheBed } from './support.ts'

const JOURNAL = cacheJournalSql({ systemRole: 'cache_system' })

function rooms(cache: CacheBed['cache'], name = 'rooms') {
  const definition = cache.define(name, {
    key: (id: number) => [id],
    tables: ['rooms'],
    tags: (id) => [`room:${id}`],
    ttlMs: 60_000,
    load: async (tx, id) =>
      (await tx.query<{ name: string }>('select name from rooms where id = $1', [id])).rows[0]?.name,
  })
  return (id: number) => definition.getFor({ tenant: CLINIC }, id)
}

function rename({ db, cache }: Pick<CacheBed, 'db' | 'cache'>, id: number, name: string, forgets = true) {
  return db.withTenant(CLINIC, async (tx) => {
    await tx.query('update rooms set name = $2 where id = $1', [id, name])
    if (forgets) cache.invalidate(tx, `room:${id}`)
  })
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('an audit', () => {
  it('finds a value that was overwritten without its tag, and vouches for the rest in nines', async () => {
    await using bed = await openCacheBed()
    const get = rooms(bed.cache)
    const audit = bed.cache.audit({ sample: 1 })
    await get(1)
    for (let hit = 0; hit < 300; hit += 1) await get(1)
    await audit.stop()
    expect(audit.report().rooms).toMatchObject({ compared: 300, stale: 0, skipped: 0, nines: 2 })

    const again = bed.cache.audit({ sample: 1 })
    await rename(bed, 1, 'forgotten', false)
    await get(1)
    await again.stop()
    expect(again.report().rooms).toMatchObject({ compared: 1, stale: 1, nines: 0 })
  })

  it('does not blame the cache for what is written between the hit and the comparison', async () => {
    await using bed = await openCacheBed()
    const get = rooms(bed.cache)
    await get(1)
    const audit = bed.cache.audit({ sample: 1 })
    const hits: Promise<unknown>[] = []
    for (let round = 0; round < 50; round += 1) {
      hits.push(get(1), rename(bed, 1, `name ${round}`))
      if (round % 5 === 0) await Promise.all(hits)
    }
    await Promise.all(hits)
    await audit.stop()
    expect(audit.report().rooms?.stale ?? 0).toBe(0)
  })
})

describe('a journal', () => {
  it('lets a write through that Redis does not take, and is carried over when Redis is back', async () => {
    await using bed = await openCacheBed({ journal: { mode: 'fallback', pollMs: 20 } }, JOURNAL)
    const get = rooms(bed.cache)
    expect(await get(1)).toBe('room 1')
    const away = () => Promise.reject(new CacheUnavailableError('breaker'))
    const begin = vi.spyOn(Fences.prototype, 'begin').mockImplementation(away)
    const finish = vi.spyOn(Fences.prototype, 'finish').mockImplementation(away)
    await rename(bed, 1, 'through')
    expect((await bed.target.admin.query('select from leasehold.cache_journal')).rowCount).toBe(1)
    begin.mockRestore()
    finish.mockRestore()
    await vi.waitFor(async () => expect(await get(1)).toBe('through'), { timeout: 2_000 })
    expect((await bed.target.admin.query('select from leasehold.cache_journal')).rowCount).toBe(0)
    expect(bed.cache.snapshot().carried).toBeGreaterThan(0)
  })

  it('that is always written makes up for marks that Redis lost', async () => {
    await using bed = await openCacheBed({ journal: { mode: 'always', pollMs: 20 } }, JOURNAL)
    const get = rooms(bed.cache)
    await get(2)
    // The mark is taken and lost, and the process that made it is gone before it can take it away.
    vi.spyOn(Fences.prototype, 'begin').mockImplementation(async () => {})
    const finish = vi.spyOn(Fences.prototype, 'finish').mockImplementationOnce(async () => {})
    await rename(bed, 2, 'kept')
    finish.mockRestore()
    await vi.waitFor(async () => expect(await get(2)).toBe('kept'), { timeout: 2_000 })
  })

  it('can be written by the application, and neither read nor emptied', async () => {
    await using bed = await openCacheBed({}, JOURNAL)
    const asApp = (text: string) => bed.db.withTenant(CLINIC, (tx) => tx.query(text))
    await asApp("insert into leasehold.cache_journal (fences) values (array['x'])")
    await expect(asApp('select from leasehold.cache_journal')).rejects.toMatchObject({ code: '42501' })
    await expect(asApp('delete from leasehold.cache_journal')).rejects.toMatchObject({ code: '42501' })
    await expect(
      asApp("insert into leasehold.cache_journal (fences, tenant_id) values (array['x'], 'other')"),
    ).rejects.toMatchObject({ code: '42501' })
  })
})

describe('what Redis lost', () => {
  it('is a miss, and is read from the primary before any replica is trusted again', async () => {
    await using bed = await openCacheBed()
    const at = inject('rig').redis
    if (!at) throw new Error('The rig has no Redis.')
    const redis = new Redis(at)
    const get = rooms(bed.cache)
    await get(3)
    const own = (await redis.keys('bed-*')).filter((name) => name.includes(':f:'))
    await redis.del(own)
    redis.disconnect()
    await rename(bed, 3, 'after', false)
    expect(await get(3)).toBe('after')
  })
})

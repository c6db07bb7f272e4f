import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CacheDefinitionError } from '../../src/errors/cache.ts'
import { type CacheBed, CLINIC, OTHER, openCacheBed } from './support.ts'

const MINUTE = 60_000

describe('a cache', () => {
  let bed: CacheBed

  beforeAll(async () => {
    bed = await openCacheBed()
  })

  afterAll(async () => {
    await bed[Symbol.asyncDispose]()
  })

  /** A definition of its own for each test, in two processes' worth of caches. */
  const rooms = (name: string, cache = bed.cache) => {
    let loads = 0
    const definition = cache.define(name, {
      key: (id: number) => [id],
      tables: ['rooms'],
      tags: (id) => [`room:${id}`],
      vary: 'tenant',
      ttlMs: MINUTE,
      load: async (tx, id) => {
        loads += 1
        const { rows } = await tx.query<{ name: string }>('select name from rooms where id = $1', [id])
        return rows[0]?.name
      },
    })
    return { definition, loads: () => loads }
  }

  const rename = (db: CacheBed['db'], id: number, name: string, ...tags: string[]) =>
    db.withTenant(CLINIC, async (tx) => {
      await tx.query('update rooms set name = $2 where id = $1', [id, name])
      if (tags.length > 0) bed.cache.invalidate(tx, ...tags)
    })

  it('loads a value once, and gives it to every process', async () => {
    const here = rooms('once')
    const { cache } = await bed.another()
    const there = rooms('once', cache)
    expect(await here.definition.getFor({ tenant: CLINIC }, 1)).toBe('room 1')
    expect(await here.definition.getFor({ tenant: CLINIC }, 1)).toBe('room 1')
    expect(await there.definition.getFor({ tenant: CLINIC }, 1)).toBe('room 1')
    expect([here.loads(), there.loads()]).toEqual([1, 0])
    expect(bed.cache.snapshot().definitions.once).toMatchObject({ hits: 1, misses: 1, loads: 1, stores: 1 })
  })

  it('never gives a tenant the value of another', async () => {
    const { definition, loads } = rooms('apart')
    await bed.db.withTenant(OTHER, (tx) => tx.query("update rooms set name = 'theirs' where id = 2"))
    expect(await definition.getFor({ tenant: CLINIC }, 2)).toBe('room 2')
    expect(await definition.getFor({ tenant: OTHER }, 2)).toBe('theirs')
    expect(loads()).toBe(2)
  })

  it('forgets by a tag, when the transaction commits and not before', async () => {
    const { definition, loads } = rooms('tagged')
    const get = () => definition.getFor({ tenant: CLINIC }, 3)
    expect(await get()).toBe('room 3')
    await bed.db.withTenant(CLINIC, async (tx) => {
      await tx.query("update rooms set name = 'new' where id = 3")
      bed.cache.invalidate(tx, 'room:3')
    })
    expect(await get()).toBe('new')
    expect(await get()).toBe('new')
    expect(loads()).toBe(2)
  })

  it('forgets one value by what tag() gives, whoever it was loaded for', async () => {
    const { definition, loads } = rooms('own')
    const get = (id: number) => definition.getFor({ tenant: CLINIC }, id)
    await get(4)
    await get(5)
    await rename(bed.db, 4, 'newer', definition.tag(4))
    expect(await get(4)).toBe('newer')
    expect(await get(5)).toBe('room 5')
    expect(loads()).toBe(3)
  })

  it('keeps what a transaction that was rolled back would have overwritten from nobody for long', async () => {
    const { definition } = rooms('rolled back')
    const get = () => definition.getFor({ tenant: CLINIC }, 6)
    await get()
    await expect(
      bed.db.withTenant(CLINIC, async (tx) => {
        await tx.query("update rooms set name = 'never' where id = 6")
        bed.cache.invalidate(tx, 'room:6')
        throw new Error('mine')
      }),
    ).rejects.toThrow('mine')
    expect(await get()).toBe('room 6')
  })

  it('reads what a transaction has written only in that transaction', async () => {
    const { definition, loads } = rooms('inside')
    const get = () => definition.getFor({ tenant: CLINIC }, 7)
    await get()
    await bed.db
      .withTenant(CLINIC, async (tx) => {
        await tx.query("update rooms set name = 'unborn' where id = 7")
        expect(await get()).toBe('unborn')
        await bed.db.run({ tenant: CLINIC }, () => get())
        bed.cache.invalidate(tx, 'room:7')
        throw new Error('mine')
      })
      .catch(() => {})
    expect(await get()).toBe('room 7')
    expect(loads()).toBe(3)
  })

  it('takes tenant and settings from the scope, and throws without one', async () => {
    const { definition } = rooms('scope')
    expect(await bed.db.run({ tenant: CLINIC }, () => definition.get(8))).toBe('room 8')
    await expect(definition.get(8)).rejects.toMatchObject({ code: 'LSH_ERR_SCOPE_REQUIRED' })
  })

  it('caches that there is nothing', async () => {
    const { definition, loads } = rooms('nothing')
    expect(await definition.getFor({ tenant: CLINIC }, 99)).toBeUndefined()
    expect(await definition.getFor({ tenant: CLINIC }, 99)).toBeUndefined()
    expect(loads()).toBe(1)
    await bed.db.withTenant(CLINIC, async (tx) => {
      await tx.query("insert into rooms values ($1, 99, 'found')", [CLINIC])
      bed.cache.invalidate(tx, 'room:99')
    })
    expect(await definition.getFor({ tenant: CLINIC }, 99)).toBe('found')
  })

  it('forgets all of one tenant at once', async () => {
    const { definition, loads } = rooms('flushed')
    for (const tenant of [CLINIC, OTHER]) await definition.getFor({ tenant }, 9)
    await bed.cache.flushTenant({ tenant: CLINIC })
    for (const tenant of [CLINIC, OTHER]) await definition.getFor({ tenant }, 9)
    expect(loads()).toBe(3)
  })

  it('gives every caller a copy of its own', async () => {
    const definition = bed.cache.define('copies', {
      key: () => [],
      tables: ['rooms'],
      ttlMs: MINUTE,
      load: async (tx) =>
        (await tx.query<{ name: string }>('select name from rooms order by id limit 2')).rows,
    })
    const lists = await Promise.all([1, 2, 3].map(() => definition.getFor({ tenant: CLINIC })))
    for (const list of lists) list.push({ name: 'mine' })
    expect(await definition.getFor({ tenant: CLINIC })).toHaveLength(2)
  })

  it('refuses a definition whose policies read tables that no tag covers', () => {
    const define = (more: object) =>
      bed.cache.define(`policies ${Math.random()}`, {
        key: () => [],
        tables: ['patients'],
        ttlMs: MINUTE,
        load: () => 1,
        ...more,
      })
    expect(() => define({})).toThrow(CacheDefinitionError)
    expect(() => define({})).toThrow('"public.memberships"')
    expect(() => define({ policyTags: { memberships: () => 'm' }, vary: 'tenant' })).toThrow('app.user_id')
    expect(() => define({ policyTags: { memberships: () => 'm' } })).not.toThrow()
  })

  it('refuses to cache what was read from tables that the definition does not name', async () => {
    const definition = bed.cache.define('undeclared', {
      key: () => [],
      tables: ['rooms'],
      ttlMs: MINUTE,
      load: async (tx) => (await tx.query('select count(*)::int as n from memberships')).rows,
    })
    await expect(definition.getFor({ tenant: CLINIC })).rejects.toThrow('"public.memberships"')
  })

  it('shares no value between two users whose policies differ, and drops it when a membership is revoked', async () => {
    const definition = bed.cache.define('patients', {
      key: (id: number) => [id],
      tables: ['patients'],
      policyTags: { memberships: ({ settings }) => `member:${settings['app.user_id']}` },
      ttlMs: MINUTE,
      load: async (tx, id) =>
        (await tx.query<{ name: string }>('select name from patients where id = $1', [id])).rows[0]?.name,
    })
    const as = (user: string) => definition.getFor({ tenant: CLINIC, settings: { 'app.user_id': user } }, 1)
    expect(await as('ada')).toBe('patient 1')
    expect(await as('eve')).toBeUndefined()
    expect(await as('ada')).toBe('patient 1')
    await bed.db.withTenant(CLINIC, async (tx) => {
      await tx.query("delete from memberships where user_id = 'ada'")
      bed.cache.invalidate(tx, 'member:ada')
    })
    expect(await as('ada')).toBeUndefined()
    expect(await as('bob')).toBe('patient 1')
  })

  it('shares no value between two users where a policy reads who they are', async () => {
    const definition = bed.cache.define('letters', {
      key: () => [],
      tables: ['letters'],
      ttlMs: MINUTE,
      load: async (tx) => (await tx.query<{ text: string }>('select text from letters')).rows,
    })
    const as = (user: string) => definition.getFor({ tenant: CLINIC, settings: { 'app.user_id': user } })
    expect(await as('ada')).toEqual([{ text: 'for ada' }])
    expect(await as('eve')).toEqual([])
  })

  it('refuses to invalidate with what is no transaction that may write', async () => {
    expect(() => bed.cache.invalidate({}, 'x')).toThrow('withTenant')
    await bed.db.withTenant(
      CLINIC,
      async (tx) => {
        expect(() => bed.cache.invalidate(tx, 'x')).toThrow('may write')
      },
      { readOnly: true },
    )
  })
})

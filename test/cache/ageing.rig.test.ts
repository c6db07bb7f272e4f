import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DefinitionOptions } from '../../src/cache/index.ts'
import { type CacheBed, CLINIC, openCacheBed } from './support.ts'

type Ageing = Pick<
  DefinitionOptions<unknown, [], unknown>,
  'ttlMs' | 'staleMs' | 'graceMs' | 'early' | 'negativeTtlMs'
>

describe('a value that gets old', () => {
  let bed: CacheBed
  let names = 0

  beforeAll(async () => {
    bed = await openCacheBed()
  })

  afterAll(async () => {
    await bed[Symbol.asyncDispose]()
  })

  /** A value that counts its loads, and that can be made to fail. */
  const counting = (ageing: Ageing, first: unknown = 1) => {
    const state = { loads: 0, fails: false }
    names += 1
    const definition = bed.cache.define(`ageing ${names}`, {
      key: () => [],
      tables: ['rooms'],
      tags: () => ['room'],
      vary: 'tenant',
      jitter: 0,
      early: 0,
      ...ageing,
      load: async (tx) => {
        await tx.query('select from rooms')
        if (state.fails) throw new Error('no load')
        state.loads += 1
        return state.loads === 1 ? first : state.loads
      },
    })
    return { state, get: () => definition.getFor({ tenant: CLINIC }), name: definition.name }
  }
  const invalidate = () =>
    bed.db.withTenant(CLINIC, async (tx) => {
      await tx.query('update rooms set name = name where id = 1')
      bed.cache.invalidate(tx, 'room')
    })

  it('is loaded again when its time is over', async () => {
    const { get } = counting({ ttlMs: 400 })
    expect([await get(), await get()]).toEqual([1, 1])
    await sleep(450)
    expect(await get()).toBe(2)
  })

  it('is served while it is loaded again, where that is allowed', async () => {
    const { get } = counting({ ttlMs: 400, staleMs: 5_000 })
    await get()
    await sleep(450)
    expect(await get()).toBe(1)
    await vi.waitFor(async () => expect(await get()).toBe(2))
  })

  it('is served where it cannot be loaded, where that is allowed', async () => {
    const { get, state } = counting({ ttlMs: 400, graceMs: 5_000 })
    await get()
    await sleep(450)
    state.fails = true
    expect(await get()).toBe(1)
    state.fails = false
    expect(await get()).toBe(2)
  })

  it('is never served old once it was overwritten', async () => {
    const { get, state } = counting({ ttlMs: 400, staleMs: 5_000, graceMs: 5_000 })
    await get()
    await sleep(450)
    await invalidate()
    state.fails = true
    await expect(get()).rejects.toThrow('no load')
    state.fails = false
    expect(await get()).toBe(2)
  })

  it('is loaded again before its time is over by one who draws the lot', async () => {
    const { get, state } = counting({ ttlMs: 400, early: 50 })
    const until = performance.now() + 390
    while (performance.now() < until && state.loads < 2) {
      await get()
      await sleep(5)
    }
    expect(state.loads).toBeGreaterThan(1)
  })

  it('that stands for nothing gets old by a time of its own', async () => {
    const { get, name } = counting({ ttlMs: 60_000, negativeTtlMs: 400 }, null)
    expect([await get(), await get()]).toEqual([null, null])
    expect(bed.cache.snapshot().definitions[name]).toMatchObject({ negativeHits: 1, loads: 1 })
    await sleep(450)
    expect(await get()).toBe(2)
  })
})

describe('a value that the process keeps too', () => {
  it('is confirmed by Redis each time, so that a write in another process is seen at once', async () => {
    await using bed = await openCacheBed()
    const options = {
      key: () => [],
      tables: ['rooms'],
      tags: () => ['room'],
      ttlMs: 60_000,
      local: true,
    } satisfies Partial<DefinitionOptions<unknown, [], unknown>>
    const load: DefinitionOptions<unknown, [], { name: string; at: Date }>['load'] = async (tx) => {
      const { rows } = await tx.query<{ name: string; at: Date }>(
        'select name, now() as at from rooms where id = 1',
      )
      return rows[0] ?? { name: '', at: new Date(0) }
    }
    const here = bed.cache.define('kept', { ...options, load })
    const { cache, db } = await bed.another()
    const get = () => here.getFor({ tenant: CLINIC })
    await get()
    const [first, second] = [await get(), await get()]
    expect(bed.cache.snapshot().definitions.kept).toMatchObject({ localHits: 1 })
    expect(Object.isFrozen(first)).toBe(true)
    expect(first.at).toEqual(second.at)
    second.at.setTime(0)
    expect((await get()).at).toEqual(first.at)
    await db.withTenant(CLINIC, async (tx) => {
      await tx.query("update rooms set name = 'elsewhere' where id = 1")
      cache.invalidate(tx, 'room')
    })
    expect((await get()).name).toBe('elsewhere')
  })
})

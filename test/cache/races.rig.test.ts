import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Fences } from '../../src/cache/fences/fences.ts'
import { joinableTransaction } from '../../src/query/joinable-transaction.ts'
import { type CacheBed, CLINIC, openCacheBed } from './support.ts'

/** A door that work waits at. */
function door() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  let arrive = () => {}
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const pass = async () => {
    arrive()
    await opened
  }
  return { pass, arrived, open: () => open() }
}

describe('what a write and a read do to each other', () => {
  let bed: CacheBed
  let names = 0

  beforeAll(async () => {
    bed = await openCacheBed({ pendingMs: 50 })
  })

  afterEach(() => {
    vi.restoreAllMocks()
  })

  afterAll(async () => {
    await bed[Symbol.asyncDispose]()
  })

  /** @param inLoad is awaited after the row was read */
  const define = (cache: CacheBed['cache'], name: string, inLoad: () => Promise<void> = async () => {}) => {
    let loads = 0
    const definition = cache.define(name, {
      key: (id: number) => [id],
      tables: ['rooms'],
      tags: (id) => [`room:${id}`],
      ttlMs: 60_000,
      load: async (tx, id) => {
        loads += 1
        const { rows } = await tx.query<{ name: string }>('select name from rooms where id = $1', [id])
        await inLoad()
        return rows[0]?.name
      },
    })
    return { get: (id: number) => definition.getFor({ tenant: CLINIC }, id), loads: () => loads }
  }
  const nextName = () => {
    names += 1
    return `races ${names}`
  }
  /** @param beforeCommit is awaited once the fences are marked */
  const rename = (id: number, name: string, beforeCommit: () => Promise<void> = async () => {}) =>
    bed.db.withTenant(CLINIC, async (tx) => {
      await tx.query('update rooms set name = $2 where id = $1', [id, name])
      bed.cache.invalidate(tx, `room:${id}`)
      joinableTransaction(tx)?.enlist({ prepare: beforeCommit, ended: async () => {} })
    })

  it('a load that began before the write is not stored after it, in the same process', async () => {
    const at = door()
    const { get } = define(bed.cache, nextName(), at.pass)
    const slow = get(1)
    await at.arrived
    await rename(1, 'one')
    at.open()
    expect(await slow).toBe('room 1')
    expect(await get(1)).toBe('one')
  })

  it('nor in another', async () => {
    const at = door()
    const name = nextName()
    const there = define((await bed.another()).cache, name, at.pass)
    const here = define(bed.cache, name)
    const slow = there.get(2)
    await at.arrived
    await rename(2, 'two')
    at.open()
    await slow
    expect(await here.get(2)).toBe('two')
    expect(await there.get(2)).toBe('two')
  })

  it('who asks after the write does not join a load that began before it', async () => {
    const at = door()
    const { get } = define(bed.cache, nextName(), at.pass)
    const slow = get(3)
    await at.arrived
    await rename(3, 'three')
    const asked = get(3)
    await sleep(20)
    at.open()
    expect(await slow).toBe('room 3')
    expect(await asked).toBe('three')
  })

  it('who asks after a second write does not join a load that began between the two', async () => {
    const at = door()
    let isHeld = false
    const { get } = define(bed.cache, nextName(), async () => {
      if (isHeld) await at.pass()
    })
    // Every fence is there, so that nothing but what it says tells the two loads apart.
    await get(9)
    await rename(9, 'first')
    isHeld = true
    const slow = get(9)
    await at.arrived
    await rename(9, 'second')
    const asked = get(9)
    await sleep(20)
    at.open()
    expect(await slow).toBe('first')
    expect(await asked).toBe('second')
  })

  it('between the mark and the commit nothing is served or stored', async () => {
    const at = door()
    const { get, loads } = define(bed.cache, nextName())
    await get(4)
    const write = rename(4, 'four', at.pass)
    await at.arrived
    expect(await get(4)).toBe('room 4')
    expect(await get(4)).toBe('room 4')
    expect(loads()).toBe(3)
    at.open()
    await write
    expect(await get(4)).toBe('four')
    expect(loads()).toBe(4)
  })

  it('what was marked by a process that is gone is settled by another, as PostgreSQL says', async () => {
    const name = nextName()
    const here = define(bed.cache, name)
    const { cache } = await bed.another()
    const there = define(cache, name)
    await here.get(5)
    vi.spyOn(Fences.prototype, 'finish').mockImplementationOnce(() => Promise.reject(new Error('killed')))
    await rename(5, 'five')
    expect(await there.get(5)).toBe('five')
    await vi.waitFor(
      async () => {
        const before = there.loads()
        expect(await there.get(5)).toBe('five')
        expect(there.loads()).toBe(before)
      },
      { timeout: 1_000, interval: 10 },
    )
    expect(cache.snapshot().settled).toBeGreaterThan(0)
  })

  it('a mark of a transaction that is still open stays, however long it takes', async () => {
    const at = door()
    const { get, loads } = define(bed.cache, nextName())
    await get(6)
    const write = rename(6, 'six', at.pass)
    await at.arrived
    const until = performance.now() + 500
    while (performance.now() < until) {
      expect(await get(6)).toBe('room 6')
      await sleep(20)
    }
    const during = loads()
    expect(during).toBeGreaterThan(10)
    at.open()
    await write
    expect(await get(6)).toBe('six')
  })

  it('a transaction whose mark Redis does not take is rolled back', async () => {
    vi.spyOn(Fences.prototype, 'begin').mockImplementationOnce(() => Promise.reject(new Error('no Redis')))
    await expect(rename(7, 'seven')).rejects.toThrow('no Redis')
    const { get } = define(bed.cache, nextName())
    expect(await get(7)).toBe('room 7')
  })
})

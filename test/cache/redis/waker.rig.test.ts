import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FencedKeys } from '../../../src/cache/fences/fenced-keys.ts'
import type { Fences } from '../../../src/cache/fences/fences.ts'
import { linkOptions } from '../../../src/cache/redis/client-options.ts'
import { Waker } from '../../../src/cache/redis/waker.ts'
import { startToxicProxy } from '../../../src/testing/rig/proxy/index.ts'
import { Redirector } from '../../support/redirector.ts'
import { keysOf, type Load, leaseOf, openFences, rigRedis, storeOf } from '../fences/fenced.ts'

describe('who waits for the load of another', () => {
  let holder: Fences
  let waiter: Fences
  let name: Redirector
  let redis: Redis
  beforeAll(async () => {
    redis = new Redis(rigRedis())
    holder = await openFences()
  })
  beforeEach(async () => {
    name = await Redirector.open(rigRedis())
    waiter = await openFences({ redis: { host: name.host, port: name.port } })
  })
  afterEach(async () => {
    await waiter.close()
    name.close()
  })
  afterAll(async () => {
    await holder.close()
    redis.disconnect()
  })

  const listening = async (keys: FencedKeys) => {
    const giveUpAt = performance.now() + 5_000
    while ((await redis.pubsub('NUMSUB', keys.wake))[1] !== 1) {
      if (performance.now() > giveUpAt) throw new Error('Nobody listens.')
      await sleep(2)
    }
  }
  /** Milliseconds from `wake` until the waiter goes on. */
  const woken = async (keys: FencedKeys, wake: () => Promise<unknown>) => {
    const done = waiter.woken(keys, 20_000).then(() => performance.now())
    await listening(keys)
    const wokenAt = performance.now()
    await wake()
    return (await done) - wokenAt
  }

  const wakers: [string, (keys: FencedKeys, load: Load) => Promise<unknown>][] = [
    ['stored', (keys, load) => storeOf(holder, keys, load, { token: 'one' })],
    ['given up', (keys) => holder.release(keys, 'one')],
    [
      'refused',
      async (keys, load) => {
        await holder.bump(keys.fences)
        expect(await storeOf(holder, keys, load, { token: 'one' })).toBe('gen')
      },
    ],
  ]
  it.each(wakers)('goes on as soon as it is %s', async (_, wake) => {
    const tooks: number[] = []
    for (let round = 0; round < 9; round += 1) {
      const keys = keysOf()
      const load = await leaseOf(holder, keys, 'one')
      tooks.push(await woken(keys, () => wake(keys, load)))
    }
    tooks.sort((a, b) => a - b)
    // Not polled: the median on a busy machine is still far below any pause between two looks.
    expect(tooks[4]).toBeLessThan(20)
  })

  it('goes on at once where it was over before anybody listened', async () => {
    const keys = keysOf()
    const load = await leaseOf(holder, keys, 'one')
    expect((await waiter.lease(keys, { token: 'two', leaseMs: 1_000 })).kind).toBe('wait')
    await storeOf(holder, keys, load, { token: 'one' })
    const startedAt = performance.now()
    await waiter.woken(keys, 20_000)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('waits no longer than it would, where nothing happens', async () => {
    const keys = keysOf()
    await leaseOf(holder, keys, 'one')
    const startedAt = performance.now()
    await waiter.woken(keys, 120)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(118)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('goes on when its connection was cut, however often, and at the latest when its time is over', async () => {
    const keys = keysOf()
    await leaseOf(holder, keys, 'one')
    const startedAt = performance.now()
    const done = waiter.woken(keys, 2_000)
    await listening(keys)
    // From here on it hears nothing any more.
    name.target = { host: '127.0.0.1', port: 1 }
    name.cut()
    await holder.release(keys, 'one')
    await done
    const tookMs = performance.now() - startedAt
    expect(tookMs).toBeGreaterThan(1_900)
    expect(tookMs).toBeLessThan(3_000)
  })

  it('is woken once there is a new connection, for what it has missed', async () => {
    const keys = keysOf()
    await leaseOf(holder, keys, 'one')
    const done = waiter.woken(keys, 20_000)
    await listening(keys)
    const cutAt = performance.now()
    name.cut()
    await holder.release(keys, 'one')
    await done
    expect(performance.now() - cutAt).toBeLessThan(2_000)
  })

  it('goes on at once where Redis cannot be used, and when the cache is closed', async () => {
    const keys = keysOf()
    await leaseOf(holder, keys, 'one')
    const startedAt = performance.now()
    const done = waiter.woken(keys, 20_000)
    await listening(keys)
    await waiter.close()
    await done
    await waiter.woken(keys, 20_000)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('hears again after a network that lost everything and told nobody', async () => {
    const proxy = await startToxicProxy({ target: rigRedis() })
    const make = async () => new Redis(linkOptions({ host: proxy.host, port: proxy.port }))
    const waker = new Waker(make, { connectMs: 300, timeoutMs: 100, probeMs: 50 })
    const never = async () => false
    await waker.wait('t:w:before', 1, never)
    proxy.blackHole(true)
    const done = waker.wait('t:w:lost', 20_000, never)
    await sleep(500)
    proxy.blackHole(false)
    const backAt = performance.now()
    await done
    expect(performance.now() - backAt).toBeLessThan(2_000)
    waker.close()
    await proxy.close()
  })

  it('listens to nothing any more once nobody waits, and wakes all who wait for the same', async () => {
    const keys = keysOf()
    await leaseOf(holder, keys, 'one')
    const all = Array.from({ length: 50 }, () => waiter.woken(keys, 20_000))
    await listening(keys)
    await sleep(50)
    await holder.release(keys, 'one')
    await Promise.all(all)
    const giveUpAt = performance.now() + 2_000
    while ((await redis.pubsub('NUMSUB', keys.wake))[1] !== 0 && performance.now() < giveUpAt) await sleep(5)
    expect((await redis.pubsub('NUMSUB', keys.wake))[1]).toBe(0)
  })
})

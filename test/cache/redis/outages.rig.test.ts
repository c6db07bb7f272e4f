import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fences } from '../../../src/cache/fences/fences.ts'
import { judge } from '../../../src/cache/fences/judge.ts'
import { freePort } from '../../../src/testing/rig/free-port.ts'
import { startToxicProxy, type ToxicProxy } from '../../../src/testing/rig/proxy/index.ts'
import type { RedisNode } from '../../../src/testing/rig/redis-node.ts'
import { Redirector } from '../../support/redirector.ts'
import { RedisRig } from '../../support/redis-rig.ts'
import { EVIDENCE, fill, keysOf, leaseOf, openFences, storeOf } from '../fences/fenced.ts'
import { expectQuickFailures, failing, recovery, TIMEOUT_MS } from './outage.ts'

const BACK_MS = 1_000

// A busy machine makes everything take longer, and nothing shorter: a limit that holds once holds.
describe('while Redis is', { retry: 2 }, () => {
  let rig: RedisRig
  let node: RedisNode
  let admin: Redis
  let fences: Fences
  let proxy: ToxicProxy
  let name: Redirector

  beforeAll(async () => {
    rig = await RedisRig.open()
    node = await rig.start()
    admin = rig.client(node)
  })
  beforeEach(async () => {
    proxy = await startToxicProxy({ target: node })
    name = await Redirector.open(proxy)
    fences = await openFences({
      redis: { host: name.host, port: name.port },
      timeoutMs: TIMEOUT_MS,
      connectMs: 500,
    })
    expect(await fences.ready(5_000)).toBe(true)
  })
  afterEach(async () => {
    await fences.close()
    name.close()
    await proxy.close()
  })
  afterAll(() => rig.close())

  it('stopped, calls fail within the limit and then at once; it is back when it goes on', async () => {
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    for (const stopMs of [0, 1_500]) {
      node.freeze()
      try {
        await expectQuickFailures(fences, keys)
        await sleep(stopMs)
      } finally {
        node.thaw()
      }
      expect(await recovery(fences, keys)).toBeLessThan(BACK_MS)
    }
    // Nothing was lost, so what was there holds.
    expect(judge(await fences.read(keys), gens)).toBe('holds')
    expect(fences.snapshot().servers[0]).toMatchObject({ state: 'usable', lastFailure: 'timeout' })
  })

  it('stopped, 10,000 calls at once all end within the limit', async () => {
    const keys = keysOf()
    node.freeze()
    try {
      const startedAt = performance.now()
      const calls = await Promise.allSettled(Array.from({ length: 10_000 }, () => fences.read(keys)))
      // The limit, and what it takes this process to make so many calls and errors.
      expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS + 2_000)
      expect(calls.filter(({ status }) => status === 'fulfilled')).toEqual([])
    } finally {
      node.thaw()
    }
    expect(await recovery(fences, keys)).toBeLessThan(BACK_MS)
  })

  it('killed, calls fail at once; it is back within a second, and nothing of its earlier life holds', async () => {
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    const before = fences.epoch()
    await node.kill()
    await expectQuickFailures(fences, keys)
    await node.restart()
    expect(await recovery(fences, keys)).toBeLessThan(BACK_MS)
    expect(fences.epoch()).not.toBe(before)
    expect(judge(await fences.read(keys), gens)).toBe('missing')
    await fill(fences, keys)
  })

  it('slow, calls fail within the limit and then at once', async () => {
    const keys = keysOf()
    proxy.latency(300)
    await expectQuickFailures(fences, keys)
    proxy.latency(0)
    expect(await recovery(fences, keys)).toBeLessThan(BACK_MS)
  })

  it('behind a network that loses everything, calls fail within the limit and then at once', async () => {
    const keys = keysOf()
    proxy.blackHole(true)
    await expectQuickFailures(fences, keys)
    await sleep(1_200)
    proxy.blackHole(false)
    expect(await recovery(fences, keys)).toBeLessThan(BACK_MS)
  })

  it('cut off, calls fail at once; a new connection is asked what the server is before anything else', async () => {
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    const connections = fences.snapshot().servers[0]?.connections
    for (let cut = 0; cut < 5; cut += 1) {
      name.cut()
      expect(await failing(() => fences.read(keys))).toBeLessThan(TIMEOUT_MS + 10)
      expect(await recovery(fences, keys)).toBeLessThan(BACK_MS)
    }
    expect(fences.snapshot().servers[0]?.connections).toBe((connections ?? 0) + 5)
    expect(judge(await fences.read(keys), gens)).toBe('holds')
  })

  it('flushed, nothing holds, and everything can be made anew', async () => {
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    await admin.flushall()
    expect(judge(await fences.read(keys), gens)).toBe('missing')
    const load = await fill(fences, keys)
    expect(judge(await fences.read(keys), load.gens)).toBe('holds')
  })

  it('out of memory, what is there is read, and what writes fails at once', async () => {
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    const other = keysOf()
    const load = await leaseOf(fences, other, 'one')
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    await admin.config('SET', 'maxmemory', '1mb')
    try {
      for (let call = 0; call < 20; call += 1) {
        expect(judge(await fences.read(keys), gens)).toBe('holds')
        const begun = fences.begin(keys.fences, { token: 'tx', pendingMs: 1_000, evidence: EVIDENCE })
        await expect(begun).rejects.toMatchObject({ reason: 'out-of-memory', retryable: true })
      }
      // The lease is given up all the same: nobody waits for it in vain.
      await expect(storeOf(fences, other, load, { token: 'one' })).rejects.toMatchObject({
        reason: 'out-of-memory',
      })
      expect(await admin.exists(other.lease, other.value)).toBe(0)
      expect(fences.snapshot().servers[0]).toMatchObject({ state: 'usable', breakerOpened: 0 })
    } finally {
      await admin.config('SET', 'maxmemory', '0')
    }
    await fill(fences, other)
  })

  const nonsense = {
    'a page of the web': 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
    'bytes without a meaning': Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 151) % 256)),
    'the same to everything': '+OK\r\n',
    numbers: ':1\r\n',
    'lists of nothing': '*3\r\n$-1\r\n$-1\r\n$-1\r\n',
    'lists that never end': '*1000000000\r\n$1\r\na\r\n',
    errors: '-ERR no\r\n',
  }
  it.each(Object.entries(nonsense))('answering %s, no value is taken from it', async (_, answer) => {
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    name.nonsense = Buffer.from(answer)
    const startedAt = performance.now()
    while (fences.epoch() !== undefined && performance.now() - startedAt < 2_000) {
      const reading = await fences.read(keys).catch(() => undefined)
      if (reading) expect(judge(reading, gens)).not.toBe('holds')
      await expect(fences.lease(keys, { token: 'one', leaseMs: 1_000 })).rejects.toMatchObject({
        code: 'LSH_ERR_CACHE_UNAVAILABLE',
      })
    }
    await expectQuickFailures(fences, keys)
    name.nonsense = undefined
    expect(await recovery(fences, keys)).toBeLessThan(BACK_MS)
    expect(judge(await fences.read(keys), gens)).toBe('holds')
  })

  it('answering beside the point, its connection is dropped with the first such answer', async () => {
    const keys = keysOf()
    await fill(fences, keys)
    name.nonsense = Buffer.from(':1\r\n')
    await expect(fences.read(keys)).rejects.toMatchObject({ reason: 'unreadable' })
    expect(fences.epoch()).toBeUndefined()
    name.nonsense = undefined
    expect(await recovery(fences, keys)).toBeLessThan(BACK_MS)
  })

  it('not there yet, the cache begins without it, and uses it once it is', async () => {
    const port = await freePort()
    const openedAt = performance.now()
    const early = await openFences({ redis: { url: `redis://127.0.0.1:${port}` }, connectMs: 300 })
    expect(performance.now() - openedAt).toBeLessThan(600)
    const keys = keysOf()
    await expectQuickFailures(early, keys)
    const later = await rig.start({ name: 'later', args: ['--port', String(port)] })
    expect(await recovery(early, keys)).toBeLessThan(BACK_MS)
    await early.close()
    await expect(early.read(keys)).rejects.toMatchObject({ reason: 'closed' })
    await later.stop()
  })

  it('well, and this process was busy for longer than the limit, nothing fails', async () => {
    // Without a proxy in between, which would be as busy.
    const direct = await openFences({ redis: { host: node.host, port: node.port }, timeoutMs: TIMEOUT_MS })
    const keys = keysOf()
    await fill(direct, keys)
    for (let round = 0; round < 5; round += 1) {
      const reading = direct.read(keys)
      const busyUntil = performance.now() + 3 * TIMEOUT_MS
      await new Promise(setImmediate)
      while (performance.now() < busyUntil);
      await reading
    }
    await Promise.all(Array.from({ length: 1_000 }, () => direct.read(keys)))
    expect(direct.snapshot().servers[0]).toMatchObject({ timeouts: 0, breakerOpened: 0 })
    await direct.close()
  })
})

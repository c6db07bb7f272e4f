import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startToxicProxy, type ToxicProxy } from '../../../src/testing/rig/proxy/index.ts'
import type { RedisNode } from '../../../src/testing/rig/redis-node.ts'
import { Redirector } from '../../support/redirector.ts'
import { RedisRig } from '../../support/redis-rig.ts'
import { BACK_MS, expectService, msUntilServed } from './expectations.ts'
import { TIMEOUT_MS, TimedBed } from './timed-bed.ts'

/** The room that each test changes, one that it has cached and leaves, and one that it has not asked for. */
const [CHANGED, KEPT, FRESH] = [1, 2, 3]

// A busy machine makes everything take longer, and nothing shorter: a limit that holds once holds.
describe('an application whose Redis is', { retry: 2 }, () => {
  let rig: RedisRig
  let node: RedisNode
  let admin: Redis
  let proxy: ToxicProxy
  let name: Redirector
  let bed: TimedBed

  beforeAll(async () => {
    rig = await RedisRig.open()
    node = await rig.start()
    admin = rig.client(node)
  })
  beforeEach(async () => {
    if (!node.isRunning) await node.restart()
    proxy = await startToxicProxy({ target: node })
    name = await Redirector.open(proxy)
    bed = await TimedBed.open({ redis: { host: name.host, port: name.port } })
    for (const id of [CHANGED, KEPT]) {
      expect(await bed.get(id)).toBe(`room ${id}`)
      expect(await bed.get(id)).toBe(`room ${id}`)
    }
    expect(bed.hits).toBe(2)
  })
  afterEach(async () => {
    await bed[Symbol.asyncDispose]()
    name.close()
    await proxy.close()
  })
  afterAll(() => rig.close())

  /** What was changed during an outage, or could not be, is what the database says afterwards. */
  const expectNothingStale = async () => {
    for (const id of [CHANGED, KEPT, FRESH]) {
      for (let call = 0; call < 3; call += 1) {
        expect(await bed.get(id)).toBe((await bed.timeWithout(id)).value)
      }
    }
  }
  /** A write that cannot say what it overwrites does not happen. */
  const expectWriteRefused = async () => {
    await expect(bed.rename(CHANGED, 'lost')).rejects.toMatchObject({ code: 'LSH_ERR_CACHE_UNAVAILABLE' })
    expect((await bed.timeWithout(CHANGED)).value).toBe(`room ${CHANGED}`)
  }

  it('stopped is served by its database, and by Redis again once that goes on', async () => {
    node.freeze()
    try {
      await expectService(bed, FRESH)
      await expectWriteRefused()
    } finally {
      node.thaw()
    }
    expect(await msUntilServed(bed, KEPT)).toBeLessThan(BACK_MS)
    await expectNothingStale()
    await bed.rename(CHANGED, 'after')
    expect(await bed.get(CHANGED)).toBe('after')
  })

  it('killed is served by its database, and by Redis again once that is started', async () => {
    await node.kill()
    await expectService(bed, FRESH)
    await expectWriteRefused()
    await node.restart()
    expect(await msUntilServed(bed, KEPT)).toBeLessThan(BACK_MS)
    await expectNothingStale()
  })

  it('slow is served by its database, and by Redis again once that is quick', async () => {
    proxy.latency(300)
    await expectService(bed, FRESH)
    await expectWriteRefused()
    proxy.latency(0)
    expect(await msUntilServed(bed, KEPT)).toBeLessThan(BACK_MS)
    await expectNothingStale()
  })

  it('behind a network that loses everything is served by its database', async () => {
    proxy.blackHole(true)
    await expectService(bed, FRESH)
    await expectWriteRefused()
    proxy.blackHole(false)
    expect(await msUntilServed(bed, KEPT)).toBeLessThan(BACK_MS)
    await expectNothingStale()
  })

  it('flushed has everything loaded anew', async () => {
    await admin.flushall()
    await bed.renameSilently(CHANGED, 'unheard')
    const before = bed.hits
    expect(await bed.get(CHANGED)).toBe('unheard')
    expect(bed.hits).toBe(before)
    expect(await msUntilServed(bed, KEPT)).toBeLessThan(BACK_MS)
    await expectNothingStale()
  })

  it('out of memory is served what is there, and by its database otherwise', async () => {
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    await admin.config('SET', 'maxmemory', '1mb')
    try {
      const before = bed.hits
      for (let call = 0; call < 20; call += 1) {
        const fresh = await bed.time(FRESH)
        expect(fresh.value).toBe(`room ${FRESH}`)
        expect(fresh.tookMs - fresh.loadMs).toBeLessThan(TIMEOUT_MS)
        expect(await bed.get(KEPT)).toBe(`room ${KEPT}`)
      }
      expect(bed.hits - before).toBe(20)
      await expectWriteRefused()
    } finally {
      await admin.config('SET', 'maxmemory', '0')
    }
    expect(await msUntilServed(bed, FRESH)).toBeLessThan(BACK_MS)
    await expectNothingStale()
  })

  const nonsense = {
    'a page of the web': 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
    'the same to everything': '+OK\r\n',
    'lists of nothing': '*4\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n',
    'lists that never end': '*1000000000\r\n$1\r\na\r\n',
    errors: '-ERR no\r\n',
  }
  it.each(Object.entries(nonsense))('answering %s is served by its database', async (_, answer) => {
    name.nonsense = Buffer.from(answer)
    await expectService(bed, FRESH)
    await expectWriteRefused()
    name.nonsense = undefined
    expect(await msUntilServed(bed, KEPT)).toBeLessThan(BACK_MS)
    await expectNothingStale()
  })
})

import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fences } from '../../../src/cache/fences/fences.ts'
import type { RedisNode } from '../../../src/testing/rig/redis-node.ts'
import { RedisRig } from '../../support/redis-rig.ts'
import { keysOf, openFences, unique } from '../fences/fenced.ts'

describe('what is asked of Redis', () => {
  let rig: RedisRig
  let node: RedisNode
  let admin: Redis
  let fences: Fences
  beforeAll(async () => {
    rig = await RedisRig.open()
    node = await rig.start()
    admin = rig.client(node)
    fences = await openFences({ redis: { host: node.host, port: node.port }, timeoutMs: 200 })
  })
  beforeEach(async () => {
    if (node.isRunning) await admin.config('RESETSTAT')
  })
  afterAll(async () => {
    await fences.close()
    await rig.close()
  })

  const questions = async () => Number(/cmdstat_mget:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1])
  const written = async (value: string) => {
    const keys = keysOf(unique(), ['own'])
    await admin.mset({ [keys.value]: value, [keys.fences[0] ?? '']: `e.${value}|?|` })
    return keys
  }

  it('in one tick is one question, and each gets what it asked for', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, (_, index) => written(`value ${index}`)))
    const readings = await Promise.all(keys.map((each) => fences.read(each)))
    expect(readings.map(({ value }) => String(value))).toEqual(keys.map((_, index) => `value ${index}`))
    expect(readings.map((reading) => reading.fences)).toEqual(keys.map((_, index) => [`e.value ${index}|?|`]))
    expect(await questions()).toBe(1)
  })

  it('by many for the same is asked for once', async () => {
    const keys = await written('shared')
    const nothing = keysOf()
    const readings = await Promise.all([keys, nothing, keys].map((each) => fences.read(each)))
    expect(readings.map(({ value }) => value?.toString())).toEqual(['shared', undefined, 'shared'])
    expect(await questions()).toBe(1)
  })

  it('of a large number is several questions, so that none keeps Redis from others for long', async () => {
    const keys = await Promise.all(Array.from({ length: 320 }, (_, index) => written(`value ${index}`)))
    const readings = await Promise.all(keys.map((each) => fences.read(each)))
    expect(readings.map(({ value }) => String(value))).toEqual(keys.map((_, index) => `value ${index}`))
    expect(await questions()).toBe(10)
  })

  it('once a write was acknowledged is never answered by a question from before', async () => {
    const keys = await written('old')
    for (let turn = 0; turn < 50; turn += 1) {
      const before = fences.read(keys)
      await admin.set(keys.value, `new ${turn}`)
      expect(String((await fences.read(keys)).value)).toBe(`new ${turn}`)
      await before
    }
  })

  it('fails for all who asked, and for nobody else', async () => {
    const keys = await written('value')
    node.freeze()
    const failed = await Promise.allSettled([fences.read(keys), fences.read(keysOf())])
    node.thaw()
    expect(failed).toMatchObject([
      { status: 'rejected', reason: { code: 'LSH_ERR_CACHE_UNAVAILABLE' } },
      { status: 'rejected', reason: { code: 'LSH_ERR_CACHE_UNAVAILABLE' } },
    ])
    expect(await fences.ready(5_000)).toBe(true)
    expect(String((await fences.read(keys)).value)).toBe('value')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RedisNode } from '../../../src/testing/rig/redis-node.ts'
import { RedisRig } from '../../support/redis-rig.ts'
import { BACK_MS, msUntilServed, untilLeftAlone } from './expectations.ts'
import { TimedBed } from './timed-bed.ts'

const WAITING = 10_000
const PER_PROCESS = 6

describe('ten thousand calls for different values without Redis', () => {
  let rig: RedisRig
  let node: RedisNode

  beforeEach(async () => {
    rig = await RedisRig.open()
    node = await rig.start()
  })
  afterEach(() => rig.close())

  const open = (queueMs: number, perTenant: number) =>
    TimedBed.open({
      redis: { host: node.host, port: node.port },
      loads: { perProcess: PER_PROCESS, perTenant, queueMs },
    })
  const ids = Array.from({ length: WAITING }, (_, index) => index + 1)
  const expected = (id: number) => (id <= 9 ? `room ${id}` : undefined)

  it.each([
    ['stopped, and nobody knows it yet', 'unknown'],
    ['stopped, and left alone', 'known'],
  ])('%s, are all answered, and load no more at once than they may', async (_, when) => {
    await using bed = await open(60_000, PER_PROCESS)
    node.freeze()
    try {
      if (when === 'known') await untilLeftAlone(bed, 1)
      bed.takeMostLoads()
      const calls = ids.map((id) => bed.get(id))
      const running: number[] = []
      const watch = setInterval(() => running.push(bed.cache.snapshot().loads.running), 5)
      const values = await Promise.all(calls).finally(() => clearInterval(watch))
      expect(values).toEqual(ids.map(expected))
      expect(bed.takeMostLoads()).toBe(PER_PROCESS)
      expect(Math.max(...running)).toBe(PER_PROCESS)
    } finally {
      node.thaw()
    }
    expect(await msUntilServed(bed, 1)).toBeLessThan(BACK_MS)
  })

  it('of one tenant load no more at once than that tenant may', async () => {
    await using bed = await open(60_000, 2)
    node.freeze()
    try {
      const some = ids.slice(0, 500)
      expect(await Promise.all(some.map((id) => bed.get(id)))).toEqual(some.map(expected))
      expect(bed.takeMostLoads()).toBe(2)
    } finally {
      node.thaw()
    }
  })

  it('are refused where their turn does not come in time, and none of those is loaded', async () => {
    await using bed = await open(100, PER_PROCESS)
    node.freeze()
    try {
      await untilLeftAlone(bed, 1)
      const before = bed.cache.snapshot().definitions.rooms?.loads ?? 0
      const settled = await Promise.allSettled(ids.map((id) => bed.get(id)))
      const refused = settled.filter(({ status }) => status === 'rejected')
      expect(refused.length).toBeGreaterThan(0)
      for (const result of refused) {
        expect(result).toMatchObject({ reason: { code: 'LSH_ERR_CACHE_OVERLOADED' } })
      }
      expect((bed.cache.snapshot().definitions.rooms?.loads ?? 0) - before).toBe(WAITING - refused.length)
      expect(bed.takeMostLoads()).toBeLessThanOrEqual(PER_PROCESS)
      expect(bed.cache.snapshot().loads).toEqual({ running: 0, waiting: 0 })
    } finally {
      node.thaw()
    }
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RedisRig } from '../../support/redis-rig.ts'
import { type CacheBed, CLINIC, openCacheBed } from '../support.ts'
import { Fleet } from './fleet.ts'
import type { StampedeReply } from './messages.ts'

const PROCESSES = 4
const CALLS = 125
const LEASE_MS = 800
const PREFIX = 'stampede:'

describe('four processes that ask for a value nobody has', () => {
  let rig: RedisRig
  let bed: CacheBed
  let fleet: Fleet
  let long: Fleet

  beforeAll(async () => {
    rig = await RedisRig.open()
    const { host, port } = await rig.start()
    const redis = { host, port }
    bed = await openCacheBed({ redis, prefix: PREFIX })
    const pool = bed.target.poolOptions({ max: 5 })
    fleet = await Fleet.start(PROCESSES, { pool, redis, prefix: PREFIX, leaseMs: LEASE_MS })
    long = await Fleet.start(PROCESSES, { pool, redis, prefix: PREFIX, leaseMs: 20_000 })
  })

  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]()
    await long?.[Symbol.asyncDispose]()
    await bed?.[Symbol.asyncDispose]()
    await rig?.close()
  })

  const sum = (replies: readonly StampedeReply[], of: 'loads' | 'stores' | 'overtaken' | 'unstored') =>
    replies.reduce((total, reply) => total + reply[of], 0)

  const values = (replies: readonly StampedeReply[]) => new Set(replies.flatMap((reply) => reply.values))

  it('500 times at once load it once, time after time', async () => {
    for (let id = 1; id <= 6; id += 1) {
      const replies = await long.all({ id, calls: CALLS, loadMs: 100 })
      expect([sum(replies, 'loads'), sum(replies, 'stores')]).toEqual([1, 1])
      expect(values(replies)).toEqual(new Set([`room ${id}`]))
    }
  })

  it('load it once more after it was overwritten', async () => {
    await bed.db.withTenant(CLINIC, async (tx) => {
      await tx.query("update rooms set name = 'renamed' where id = 1")
      bed.cache.invalidate(tx, 'room:1')
    })
    const replies = await long.all({ id: 1, calls: CALLS, loadMs: 100 })
    expect(sum(replies, 'loads')).toBe(1)
    expect(values(replies)).toEqual(new Set(['renamed']))
  })

  it('load it twice at most where a load outlives its lease', async () => {
    const replies = await fleet.all({ id: 7, calls: CALLS, loadMs: LEASE_MS * 1.5 })
    expect(sum(replies, 'loads')).toBe(2)
    expect(values(replies)).toEqual(new Set(['room 7']))
    const later = await fleet.all({ id: 7, calls: CALLS, loadMs: 0 })
    expect(sum(later, 'loads')).toBe(0)
  })

  it('keep the value of the later load, though that of the earlier one comes last', async () => {
    const slow = fleet.one(0, { id: 8, calls: 1, loadMs: LEASE_MS * 2.5 })
    await sleep(LEASE_MS / 2)
    // Nobody is told, so that nothing but the order of the loads tells the two values apart.
    await bed.db.withTenant(CLINIC, (tx) => tx.query("update rooms set name = 'later' where id = 8"))
    const quick = await Promise.all(
      [1, 2, 3].map((index) => fleet.one(index, { id: 8, calls: CALLS, loadMs: 0 })),
    )
    expect(sum(quick, 'loads')).toBe(1)
    expect(values(quick)).toEqual(new Set(['later']))
    expect(await slow).toMatchObject({ loads: 1, stores: 0, unstored: 1, values: ['room 8'] })
    const after = await fleet.all({ id: 8, calls: CALLS, loadMs: 0 })
    expect([sum(after, 'loads'), ...values(after)]).toEqual([0, 'later'])
  })

  it('keep no value that was overwritten while it was loaded, though its lease is over', async () => {
    const slow = fleet.one(0, { id: 9, calls: CALLS, loadMs: LEASE_MS * 1.5 })
    await sleep(LEASE_MS / 2)
    await bed.db.withTenant(CLINIC, async (tx) => {
      await tx.query("update rooms set name = 'newer' where id = 9")
      bed.cache.invalidate(tx, 'room:9')
    })
    const quick = await Promise.all(
      [1, 2, 3].map((index) => fleet.one(index, { id: 9, calls: CALLS, loadMs: 0 })),
    )
    expect(values(quick)).toEqual(new Set(['newer']))
    expect(await slow).toMatchObject({ loads: 1, stores: 0 })
    const after = await fleet.all({ id: 9, calls: CALLS, loadMs: 0 })
    expect([sum(after, 'loads'), ...values(after)]).toEqual([0, 'newer'])
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fences } from '../../../src/cache/fences/fences.ts'
import { judge } from '../../../src/cache/fences/judge.ts'
import type { RedisNode } from '../../../src/testing/rig/redis-node.ts'
import { Redirector } from '../../support/redirector.ts'
import { RedisRig } from '../../support/redis-rig.ts'
import { EVIDENCE, fill, keysOf, openFences } from '../fences/fenced.ts'
import { failing, recovery } from './outage.ts'

const POLL_MS = 300

describe('a failover of Redis', () => {
  let rig: RedisRig
  let primary: RedisNode
  let replica: RedisNode
  let name: Redirector
  let fences: Fences
  let onPrimary: Redis
  let onReplica: Redis

  beforeEach(async () => {
    rig = await RedisRig.open()
    // A first full copy that waits for further replicas would take seconds.
    const args = ['--repl-diskless-sync-delay', '0']
    primary = await rig.start({ name: 'primary', args })
    replica = await rig.start({ name: 'replica', args })
    onPrimary = rig.client(primary)
    onReplica = rig.client(replica)
    await follow(onReplica, primary)
    name = await Redirector.open(primary)
    fences = await openFences({
      redis: { host: name.host, port: name.port },
      timeoutMs: 200,
      pollMs: POLL_MS,
    })
  })
  afterEach(async () => {
    await fences.close()
    name.close()
    await rig.close()
  })

  async function follow(client: Redis, leader: RedisNode): Promise<void> {
    await client.replicaof(leader.host, leader.port)
    const giveUpAt = performance.now() + 20_000
    while (!/master_link_status:up/.test(await client.info('replication'))) {
      if (performance.now() > giveUpAt) throw new Error('The replica does not follow.')
      await sleep(20)
    }
  }

  async function copied(key: string): Promise<void> {
    const giveUpAt = performance.now() + 5_000
    while (!(await onReplica.exists(key))) {
      if (performance.now() > giveUpAt) throw new Error('Not copied.')
      await sleep(5)
    }
  }

  it('by which an invalidation was lost serves nothing of before, from the first answer on', async () => {
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    const before = fences.epoch()
    await copied(keys.value)
    // What is written to the old primary from here on is lost.
    await onReplica.replicaof('NO', 'ONE')
    await fences.begin(keys.fences, { token: 'tx', pendingMs: 60_000, evidence: EVIDENCE })
    await fences.finish(keys.fences, { token: 'tx', end: { outcome: 'committed', lsn: 9n } })
    await primary.kill()
    name.target = replica
    name.cut()
    const judged: string[] = []
    const giveUpAt = performance.now() + 1_000
    while (judged.length < 200 && performance.now() < giveUpAt) {
      const reading = await fences.read(keys).catch(() => undefined)
      if (reading) judged.push(judge(reading, gens))
      // The entry is there, and its fences are as if nothing had happened.
      if (reading) expect(reading.value).toBeDefined()
      await sleep(1)
    }
    expect(judged.length).toBeGreaterThan(100)
    expect(new Set(judged)).toEqual(new Set(['foreign']))
    expect(fences.epoch()).not.toBe(before)
    const load = await fill(fences, keys)
    expect(judge(await fences.read(keys), load.gens)).toBe('holds')
  })

  it('that leaves connections to the demoted primary open is noticed by a script at once', async () => {
    const keys = keysOf()
    await fill(fences, keys)
    await onReplica.replicaof('NO', 'ONE')
    await onPrimary.replicaof(replica.host, replica.port)
    await expect(
      fences.begin(keys.fences, { token: 'tx', pendingMs: 1_000, evidence: EVIDENCE }),
    ).rejects.toMatchObject({ reason: 'not-primary' })
    expect(fences.epoch()).toBeUndefined()
    expect(await failing(() => fences.read(keys))).toBeLessThan(5)
    name.target = replica
    expect(await recovery(fences, keys)).toBeLessThan(1_000)
    await fill(fences, keys)
  })

  it('that leaves connections to the demoted primary open is noticed by who only reads, at the next look', async () => {
    const keys = keysOf()
    await fill(fences, keys)
    await onPrimary.replicaof(replica.host, replica.port)
    const demotedAt = performance.now()
    while (fences.epoch() !== undefined && performance.now() - demotedAt < 5_000) await sleep(5)
    expect(performance.now() - demotedAt).toBeLessThan(POLL_MS + 300)
    await expect(fences.read(keys)).rejects.toMatchObject({ code: 'LSH_ERR_CACHE_UNAVAILABLE' })
    expect(fences.snapshot().servers[0]?.state).toMatch(/not-primary|disconnected/)
  })

  it('and back again is another epoch, although the server is the same', async () => {
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    const before = fences.epoch()
    await copied(keys.value)
    // The other server hears nothing of this mark; once this one has copied from that one, it has not either.
    await onReplica.replicaof('NO', 'ONE')
    await fences.begin(keys.fences, { token: 'tx', pendingMs: 60_000, evidence: EVIDENCE })
    await follow(onPrimary, replica)
    await onPrimary.replicaof('NO', 'ONE')
    // The connection has stayed, so it is noticed at the next look.
    await sleep(POLL_MS + 100)
    expect(await recovery(fences, keys)).toBeLessThan(1_000)
    expect(fences.epoch()).not.toBe(before)
    const reading = await fences.read(keys)
    expect(reading).toMatchObject({ value: expect.any(Buffer), isPending: false })
    expect(judge(reading, gens)).toBe('foreign')
  })

  it('makes no epoch of a server that still loads, or is none of the primary’s', async () => {
    name.target = replica
    name.cut()
    const keys = keysOf()
    const startedAt = performance.now()
    while (performance.now() - startedAt < 600) {
      await failing(() => fences.read(keys))
      await sleep(10)
    }
    expect(fences.snapshot().servers[0]?.state).toMatch(/not-primary|disconnected/)
    name.target = primary
    expect(await recovery(fences, keys)).toBeLessThan(1_000)
  })
})

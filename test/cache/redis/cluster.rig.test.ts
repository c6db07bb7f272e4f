import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fences } from '../../../src/cache/fences/fences.ts'
import { judge } from '../../../src/cache/fences/judge.ts'
import { keySlot } from '../../../src/cache/redis/key-slot.ts'
import type { RedisNode } from '../../../src/testing/rig/redis-node.ts'
import { RedisRig } from '../../support/redis-rig.ts'
import { EVIDENCE, fill, keysOf, openFences, unique } from '../fences/fenced.ts'

describe('the fences in a Redis Cluster of three', () => {
  let rig: RedisRig
  let nodes: readonly RedisNode[]
  let fences: Fences
  beforeAll(async () => {
    rig = await RedisRig.open()
    nodes = await rig.startCluster(3)
    const seed = nodes[1]
    if (!seed) throw new Error('no node')
    fences = await openFences({ redis: { nodes: [seed] } })
  })
  afterAll(async () => {
    await fences?.close()
    await rig?.close()
  })

  it('finds every primary by one of them', async () => {
    expect(fences.snapshot()).toMatchObject({ isUsable: true })
    expect(
      fences
        .snapshot()
        .servers.map(({ address }) => address)
        .sort(),
    ).toEqual(nodes.map(({ host, port }) => `${host}:${port}`).sort())
  })

  it('knows the slot of a key as Redis does', async () => {
    const [node] = nodes
    if (!node) throw new Error('no node')
    const client = rig.client(node)
    for (const key of [
      '',
      'a',
      '{',
      '{}a',
      '{a}b',
      'x{a}{b}',
      '{{a}}',
      'é{ü|日本}x',
      'foo{}{bar}',
      'a}b{c',
    ]) {
      expect([key, keySlot(key)]).toEqual([key, await client.cluster('KEYSLOT', key)])
    }
  })

  it('runs every script for 200 tenants, whose slots are on all servers', async () => {
    const many = Array.from({ length: 200 }, () => keysOf())
    const before = fences.snapshot().servers.map(({ timeouts }) => timeouts)
    expect(new Set(many.map((keys) => fences.epoch(keys.value))).size).toBe(3)
    const loads = await Promise.all(many.map((keys) => fill(fences, keys)))
    // Asked in one tick, and yet not together: one command is about one slot.
    const readings = await Promise.all(many.map((keys) => fences.read(keys)))
    const judged = readings.map((reading, index) => judge(reading, loads[index]?.gens ?? []))
    expect(new Set(judged)).toEqual(new Set(['holds']))
    const all = many.flatMap((keys) => keys.fences)
    await fences.begin(all, { token: 'tx', pendingMs: 1, evidence: EVIDENCE })
    await sleep(10)
    const claims = await Promise.all(all.map((fence) => fences.claim(fence, 1_000)))
    expect(claims.every((marks) => marks.length === 1)).toBe(true)
    await fences.finish(all, { token: 'tx', end: { outcome: 'committed', lsn: 7n } })
    await Promise.all(many.map((keys) => fences.lease(keys, { token: 'one', leaseMs: 60_000 })))
    await Promise.all(many.map((keys) => fences.release(keys, 'one')))
    for (const keys of many) expect((await fences.read(keys)).isPending).toBe(false)
    expect(fences.snapshot().servers.map(({ timeouts }) => timeouts)).toEqual(before)
  })

  it('wakes who waits, wherever the key is', async () => {
    for (let index = 0; index < 12; index += 1) {
      const keys = keysOf()
      await fences.lease(keys, { token: 'one', leaseMs: 60_000 })
      const waiting = fences.woken(keys, 10_000)
      await sleep(30)
      const releasedAt = performance.now()
      await fences.release(keys, 'one')
      await waiting
      expect(performance.now() - releasedAt).toBeLessThan(1_000)
    }
  })

  it('takes a Cluster of ioredis, and leaves that as it is', async () => {
    const [seed] = nodes
    const cluster = new Cluster([{ host: seed?.host ?? '', port: seed?.port ?? 0 }], { keyPrefix: 'theirs:' })
    const own = await openFences({ redis: cluster })
    const keys = keysOf()
    const { gens } = await fill(own, keys)
    expect(judge(await fences.read(keys), gens)).toBe('holds')
    await own.close()
    expect(await cluster.set(unique(), 'still there')).toBe('OK')
    cluster.disconnect()
  })

  it('goes on with the other servers while one is gone, and knows it again when it is back', {
    timeout: 30_000,
  }, async () => {
    const keys = Array.from({ length: 60 }, () => keysOf())
    const gone = fences.epoch(keys[0]?.value)
    const address = fences.snapshot().servers
    const lost = nodes.find((node) => serverOf(node, keys[0]?.value ?? ''))
    if (!lost) throw new Error('no node')
    const onLost = keys.filter(({ value }) => fences.epoch(value) === gone)
    const others = keys.filter(({ value }) => fences.epoch(value) !== gone)
    await lost.kill()
    await expect(fences.read(onLost[0] ?? keysOf())).rejects.toMatchObject({
      code: 'LSH_ERR_CACHE_UNAVAILABLE',
    })
    // Before the cluster has noticed: cluster-node-timeout later it refuses everything.
    for (const each of others.slice(0, 5)) await fences.read(each)
    expect(address).toHaveLength(3)
    await lost.restart()
    for (const node of nodes) await rig.until(node, 'cluster_state:ok', 3)
    expect(await fences.ready(5_000)).toBe(true)
    const now = fences.epoch(onLost[0]?.value)
    expect(now).toMatch(/./)
    expect(now).not.toBe(gone)
  })

  it('follows a slot to another server', { timeout: 30_000 }, async () => {
    const keys = keysOf()
    const slot = String(keySlot(keys.value))
    const from = nodes.find((node) => serverOf(node, keys.value))
    const to = nodes.find((node) => node !== from)
    if (!from || !to) throw new Error('no node')
    const [source, target] = [rig.client(from), rig.client(to)]
    const { gens } = await fill(fences, keys)
    const [fromId, toId] = [String(await source.cluster('MYID')), String(await target.cluster('MYID'))]
    await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId)
    await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId)
    const moved = [keys.value, ...keys.fences]
    await source.call('MIGRATE', to.host, String(to.port), '', '0', '5000', 'KEYS', ...moved)
    for (const client of [target, source]) await client.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId)
    const movedAt = performance.now()
    await expect(fences.read(keys)).rejects.toMatchObject({ reason: 'not-primary' })
    let reading = await fences.read(keys).catch(() => undefined)
    while (!reading && performance.now() - movedAt < 5_000) {
      await sleep(10)
      reading = await fences.read(keys).catch(() => undefined)
    }
    expect(performance.now() - movedAt).toBeLessThan(1_000)
    // Its fences are of another server's life.
    expect(reading && judge(reading, gens)).toBe('foreign')
    await fill(fences, keys)
  })

  it('follows a failover to a replica, whose life is another', { timeout: 30_000 }, async () => {
    const keys = keysOf()
    const leader = nodes.find((node) => serverOf(node, keys.value))
    if (!leader) throw new Error('no node')
    const replica = await rig.start({
      name: 'replica',
      args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--repl-diskless-sync-delay', '0'],
    })
    const client = rig.client(replica)
    await client.call('CLUSTER', 'MEET', leader.host, String(leader.port))
    for (const node of [...nodes, replica]) await rig.until(node, 'cluster_state:ok', 4)
    await client.call('CLUSTER', 'REPLICATE', String(await rig.client(leader).cluster('MYID')))
    const giveUpAt = performance.now() + 15_000
    while (!/master_link_status:up/.test(await client.info('replication'))) {
      if (performance.now() > giveUpAt) throw new Error('The replica does not follow.')
      await sleep(20)
    }
    const { gens } = await fill(fences, keys)
    const before = fences.epoch(keys.value)
    expect(judge(await fences.read(keys), gens)).toBe('holds')
    await client.call('CLUSTER', 'FAILOVER')
    // Until the old primary has heard of it, which takes a moment, both answer: no client can know better.
    const old = rig.client(leader)
    while (!/role:slave/.test(await old.info('replication'))) await sleep(1)
    const promotedAt = performance.now()
    const judged = new Set<string>()
    while (performance.now() - promotedAt < 4_000 && !judged.has('foreign')) {
      const reading = await fences.read(keys).catch(() => undefined)
      if (reading) judged.add(judge(reading, gens))
      await sleep(1)
    }
    expect([...judged]).toEqual(['foreign'])
    expect(performance.now() - promotedAt).toBeLessThan(1_500)
    expect(fences.epoch(keys.value)).not.toBe(before)
    expect(serverOf(replica, keys.value)).toBe(true)
    await fill(fences, keys)
  })

  function serverOf(node: RedisNode, key: string): boolean {
    return fences.serverOf(key) === `${node.host}:${node.port}`
  }
})

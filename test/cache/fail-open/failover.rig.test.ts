import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RedisNode } from '../../../src/testing/rig/redis-node.ts'
import { Redirector } from '../../support/redirector.ts'
import { RedisRig } from '../../support/redis-rig.ts'
import { BACK_MS, msUntilServed } from './expectations.ts'
import { TimedBed } from './timed-bed.ts'

const LIMIT_MS = 20_000
const [CHANGED, KEPT] = [1, 2]

// A busy machine makes everything take longer, and nothing shorter: a limit that holds once holds.
describe('an application whose Redis fails over', { retry: 2 }, () => {
  let rig: RedisRig
  let primary: RedisNode
  let replica: RedisNode
  let onReplica: Redis
  let name: Redirector
  let bed: TimedBed

  beforeEach(async () => {
    rig = await RedisRig.open()
    // A first full copy that waits for further replicas would take seconds.
    const args = ['--repl-diskless-sync-delay', '0']
    primary = await rig.start({ name: 'primary', args })
    replica = await rig.start({ name: 'replica', args })
    onReplica = rig.client(replica)
    await onReplica.replicaof(primary.host, primary.port)
    await until(async () => /master_link_status:up/.test(await onReplica.info('replication')))
    name = await Redirector.open(primary)
    bed = await TimedBed.open({ redis: { host: name.host, port: name.port }, prefix: 'failover:' })
    for (const id of [CHANGED, KEPT]) {
      await bed.get(id)
      await bed.get(id)
    }
    expect(bed.hits).toBe(2)
    await until(async () => (await onReplica.keys('failover:v:*')).length === 2)
  })
  afterEach(async () => {
    await bed[Symbol.asyncDispose]()
    name.close()
    await rig.close()
  })

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    const giveUpAt = performance.now() + LIMIT_MS
    while (!(await isSo())) {
      if (performance.now() > giveUpAt) throw new Error('It did not come to be.')
      await sleep(5)
    }
  }

  /** The replica has heard nothing since it was cut off, and now it is the primary. */
  async function promote(): Promise<void> {
    await primary.kill()
    name.target = replica
    name.cut()
  }

  it('is served nothing that the new primary had not heard was overwritten', async () => {
    await onReplica.replicaof('NO', 'ONE')
    await bed.rename(CHANGED, 'renamed')
    expect(await bed.get(CHANGED)).toBe('renamed')
    await promote()
    for (let call = 0; call < 20; call += 1) expect(await bed.get(CHANGED)).toBe('renamed')
    expect(await msUntilServed(bed, KEPT)).toBeLessThan(BACK_MS)
    for (let call = 0; call < 20; call += 1) expect(await bed.get(CHANGED)).toBe('renamed')
    await bed.rename(CHANGED, 'again')
    expect(await bed.get(CHANGED)).toBe('again')
  })

  it('is served by its database between the two', async () => {
    await onReplica.replicaof('NO', 'ONE')
    await primary.kill()
    for (let call = 0; call < 20; call += 1) {
      expect(await bed.get(CHANGED)).toBe(`room ${CHANGED}`)
      expect(await bed.get(KEPT)).toBe(`room ${KEPT}`)
    }
    await expect(bed.rename(CHANGED, 'lost')).rejects.toMatchObject({ code: 'LSH_ERR_CACHE_UNAVAILABLE' })
    name.target = replica
    expect(await msUntilServed(bed, KEPT)).toBeLessThan(BACK_MS)
    expect(await bed.get(CHANGED)).toBe(`room ${CHANGED}`)
  })
})

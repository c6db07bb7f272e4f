import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BalanceName } from '../../src/router/index.ts'
import { startToxicProxy, type ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { TENANT_A } from '../support/notes.ts'
import { awaitStates, states, watchStates } from './faults/support/states.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'

/** A read of a few milliseconds, so that twenty times as long is seen on a busy machine too. */
const READ = 'select pg_sleep(0.004)'
const SLOW_MS = 80
const EVERY_MS = 8
const ADAPT_MS = 5_000
const MEASURE_MS = 5_000

const percentile = (times: readonly number[], part: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(part * (times.length - 1))] ?? Number.NaN

describe('a replica that is twenty times slower than the other', () => {
  let rig: Rig
  let proxy: ToxicProxy

  beforeAll(async () => {
    rig = await startNotesRig()
    proxy = await startToxicProxy({ target: rig.standbys[0] ?? rig.primary })
  })
  afterAll(async () => {
    await proxy.close()
    await rig.stop()
  })

  /** Reads at an even pace, whether the ones before were answered or not, and says how long they took. */
  async function load(balance: BalanceName, healthy: boolean) {
    proxy.latency(0)
    const { db, router } = openFleet(rig, {
      router: { balance, warmUpMs: 30_000, probe: { intervalMs: 1_000, timeoutMs: 500 } },
      replicas: [proxy, rig.standbys[1] ?? rig.primary],
    })
    const reads: Promise<number>[] = []
    const read = async () => {
      const startedAt = performance.now()
      await db.tenant(TENANT_A, { route: 'replica' }).query(READ)
      return performance.now() - startedAt
    }
    const pace = async (forMs: number, keep: boolean) => {
      for (const until = performance.now() + forMs; performance.now() < until; await sleep(EVERY_MS)) {
        const one = read()
        if (keep) reads.push(one)
      }
    }
    await pace(1_000, false)
    if (!healthy) proxy.latency(SLOW_MS / 2)
    await pace(healthy ? 0 : ADAPT_MS, false)
    await pace(MEASURE_MS, true)
    const times = await Promise.all(reads)
    proxy.latency(0)
    const shares = router.snapshot().replicas.map(({ id, state, served }) => `${id} ${state} ${served}`)
    await db.close({ drainMs: 2_000 })
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), reads: times.length, shares }
  }

  it('is left out within five seconds by least-outstanding', { timeout: 90_000, retry: 2 }, async () => {
    const healthy = await load('least-outstanding', true)
    const least = await load('least-outstanding', false)
    const turns = await load('round-robin', false)
    const tell = ({ p50, p99, reads, shares }: typeof least) =>
      `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms of ${reads} reads (${shares.join(', ')})`
    console.log(
      `both healthy: ${tell(healthy)}\nleast-outstanding: ${tell(least)}\nround-robin: ${tell(turns)}`,
    )
    expect(least.p99).toBeLessThan(2 * healthy.p99)
  })

  it('is not left out again for what it still answered while it was left out', async () => {
    proxy.latency(0)
    const { db, router } = openFleet(rig, { replicas: [proxy, rig.standbys[1] ?? rig.primary] })
    const read = () => db.tenant(TENANT_A, { route: 'replica' }).query(READ)
    for (let n = 0; n < 60; n++) await read()
    await awaitStates(router, ['healthy', 'healthy'])
    using watch = watchStates('r1')
    proxy.latency(SLOW_MS)
    const late: Promise<unknown>[] = []
    while (states(router)[0] === 'healthy' && late.length < 1_000) {
      late.push(...Array.from({ length: 16 }, read))
      await sleep(SLOW_MS)
    }
    expect(states(router)).toEqual(['ejected', 'healthy'])
    await Promise.all(late)
    proxy.latency(0)
    await awaitStates(router, ['healthy', 'healthy'])
    await db.close()
    expect(watch.changes).toEqual(['healthy > ejected', 'ejected > warming', 'warming > healthy'])
  })
})

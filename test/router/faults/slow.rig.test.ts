import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AcquireTimeoutError, DeadlineError, type Leasehold } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import { startToxicProxy, type ToxicProxy } from '../../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { errorsOf, readDuring, readOnce, readTimes, targetsOf } from './support/reading.ts'
import { awaitStates, states } from './support/states.ts'

const CALL_LIMIT_MS = 1_500
/** What a busy machine may add to a limit that was kept. */
const SLACK_MS = 1_000
const ADAPT_MS = 5_000
const MEASURE_MS = 1_000

describe('a replica that does not answer', () => {
  let rig: Rig
  let slow: PostgresNode
  let proxy: ToxicProxy
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    slow = rig.standbys[0] ?? rig.primary
    proxy = await startToxicProxy({ target: slow })
  })
  afterEach(async () => {
    proxy.clearToxics()
    if (slow.isFrozen) slow.thaw()
    await db.close({ drainMs: 1_000 })
  })
  afterAll(async () => {
    await proxy.close()
    await rig.stop()
  })

  function open({ timeoutMs = CALL_LIMIT_MS } = {}) {
    const healthy = rig.standbys[1] ?? rig.primary
    const options = { replicas: [proxy, healthy], rest: { timeoutMs } }
    ;({ db, router } = openFleet(rig, { ...options, router: { balance: 'least-outstanding' } }))
  }

  /** Stops and goes on, so that it is dead for most of the time and never for long. */
  async function stutter(until: AbortSignal) {
    while (!until.aborted) {
      slow.freeze()
      await sleep(180)
      slow.thaw()
      await sleep(20)
    }
  }

  it.each<[string, (until: AbortSignal) => Promise<void> | void]>([
    ['in less than 300 ms', () => proxy.latency({ downMs: 300 })],
    ['but for a tenth of the time', stutter],
  ])(
    '%s has less than a tenth of the reads within five seconds',
    { timeout: 40_000 },
    async (_what, inject) => {
      open()
      await readDuring(sleep(500), db)
      await awaitStates(router, ['healthy', 'healthy'])
      const stop = new AbortController()
      const injected = inject(stop.signal)
      try {
        const before = await readDuring(awaitShare(), db)
        const after = await readDuring(sleep(MEASURE_MS), db)
        expect(errorsOf([...before, ...after])).toEqual([])
        const there = after.filter(({ route }) => route?.target === 'r1').length
        expect(there / after.length).toBeLessThan(0.1)
        expect(after.length).toBeGreaterThan(100)
        const p99 = after.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)[
          Math.floor(after.length * 0.99)
        ]
        expect(p99).toBeLessThan(CALL_LIMIT_MS)
      } finally {
        stop.abort()
        await injected
      }
    },
  )

  /** Waits until it has few of the reads, for five seconds at most. */
  async function awaitShare() {
    const served = () => router.snapshot().replicas.map((replica) => replica.served)
    for (const until = performance.now() + ADAPT_MS; performance.now() < until; ) {
      const [before = [0, 0], after] = [served(), await sleep(250).then(served)]
      const [there = 0, elsewhere = 0] = after.map((count, index) => count - (before[index] ?? 0))
      if (there < 0.1 * elsewhere) return
    }
  }

  it('at all holds up nobody for longer than the limit of the call, and few, and its connections are destroyed', async () => {
    open()
    await readDuring(sleep(300), db)
    await awaitStates(router, ['healthy', 'healthy'])
    const pids = async () => {
      const rows = await askOnce<{ pid: number }>(
        slow.adminUrl(),
        `select pid from pg_stat_activity where usename = 'app'`,
      )
      return rows.map(({ pid }) => pid)
    }
    const before = await pids()
    expect(before.length).toBeGreaterThan(0)
    slow.freeze()
    const during = await readDuring(awaitStates(router, ['ejected', 'healthy']), db)
    const after = await readTimes(20, db)
    slow.thaw()
    const errors = errorsOf(during)
    for (const error of errors) {
      expect(error instanceof DeadlineError || error instanceof AcquireTimeoutError).toBe(true)
    }
    // No more than were on the way to it, which its pool bounds.
    expect(errors.length).toBeLessThanOrEqual(4)
    expect(Math.max(...during.map(({ tookMs }) => tookMs))).toBeLessThan(CALL_LIMIT_MS + SLACK_MS)
    expect(during.filter(({ error }) => error === undefined).length).toBeGreaterThan(50)
    expect(errorsOf(after)).toEqual([])
    expect(targetsOf(after)).toEqual(new Set(['r2']))
    const left = async () => (await pids()).filter((pid) => before.includes(pid)).length
    await expect.poll(left).toBeLessThanOrEqual(before.length - errors.length)
  })

  it('at all holds up nobody for longer than it takes to find out, and those are served elsewhere', async () => {
    open({ timeoutMs: 20_000 })
    await readDuring(sleep(300), db)
    await awaitStates(router, ['healthy', 'healthy'])
    slow.freeze()
    const during = await readDuring(awaitStates(router, ['ejected', 'healthy']), db)
    slow.thaw()
    expect(errorsOf(during)).toEqual([])
    expect(
      during.filter(({ route }) => route?.target === 'r2' && route.attempts === 2).length,
    ).toBeGreaterThan(0)
    expect(Math.max(...during.map(({ tookMs }) => tookMs))).toBeLessThan(10_000)
  })

  it('to a connection that is made holds up nobody: the first probe finds it out', async () => {
    proxy.blackHole(true)
    open()
    const first = await readOnce(db)
    expect(first.tookMs).toBeLessThan(CALL_LIMIT_MS)
    const ends = [first, ...(await readTimes(20, db))]
    expect(errorsOf(ends)).toEqual([])
    expect(targetsOf(ends)).toEqual(new Set(['r2']))
    expect(states(router)[0]).not.toBe('healthy')
  })
})

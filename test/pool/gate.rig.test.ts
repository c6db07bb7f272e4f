import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AdmissionRules } from '../../src/admission/admission-rules.ts'
import { hashTenant } from '../../src/context/tenant-hash.ts'
import { AcquireTimeoutError, ConfigError, ConnectError, QueueFullError } from '../../src/errors/index.ts'
import { PoolGate } from '../../src/pool/gate.ts'
import type { Lease } from '../../src/pool/lease.ts'
import { channelMessages } from '../support/channel-messages.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, type Target } from '../support/target.ts'

const LONG_MS = 10_000

describe('the gate in front of a pool', () => {
  let target: Target
  let pool: pg.Pool
  const taken: Lease[] = []

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 2 })
  })

  beforeEach(() => {
    pool = target.pool({ max: 2 })
  })

  afterEach(() => {
    target.proxy.clearToxics()
    for (const lease of taken.splice(0)) lease.release()
    expect(target.leasesOut()).toBe(0)
  })

  afterAll(() => target.close())

  /** A gate of which both places are taken. */
  async function fullGate(rules?: AdmissionRules) {
    const gate = new PoolGate(pool, rules)
    const leases = [await gate.acquire(TENANT_A, LONG_MS), await gate.acquire(TENANT_A, LONG_MS)] as const
    taken.push(...leases)
    return { gate, leases }
  }
  const rejection = (promise: Promise<Lease>): Promise<unknown> =>
    promise.then(
      (lease) => {
        lease.release()
        throw new Error('a lease was given')
      },
      (error: unknown) => error,
    )

  it('asks the pool for no more connections than it has, however many callers there are', async () => {
    const gate = new PoolGate(pool)
    let mostWaiting = 0
    const use = async () => {
      const lease = await gate.acquire(TENANT_A, LONG_MS)
      mostWaiting = Math.max(mostWaiting, pool.waitingCount)
      await sleep(1)
      lease.release()
    }
    await Promise.all(Array.from({ length: 50 }, use))
    expect(mostWaiting).toBe(0)
    expect(gate.snapshot()).toMatchObject({
      capacity: 2,
      acquired: 50,
      inUse: 0,
      waiting: 0,
      total: 2,
      idle: 2,
    })
  })

  it('serves tenants in turn', async () => {
    const { gate, leases } = await fullGate()
    const order: string[] = []
    const use = async (tenant: typeof TENANT_A) => {
      const lease = await gate.acquire(tenant, LONG_MS)
      order.push(tenant === TENANT_A ? 'a' : 'b')
      lease.release()
    }
    const work = [TENANT_A, TENANT_A, TENANT_A, TENANT_B, TENANT_B].map(use)
    leases[0].release()
    await Promise.all(work)
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a'])
  })

  it('gives up in the queue at the deadline, with the figures of the queue', async () => {
    const { gate } = await fullGate()
    const others = [TENANT_A, TENANT_A, TENANT_B].map((tenant) => rejection(gate.acquire(tenant, 400)))
    const error = await rejection(gate.acquire(TENANT_A, 100))
    expect(error).toBeInstanceOf(AcquireTimeoutError)
    expect(error).toMatchObject({
      pool: { total: 2, idle: 0, waiting: 0 },
      queue: { waiting: 4, tenants: 2, waitingOfTenant: 3, ahead: 2 },
    })
    const { waitedMs, message } = error as AcquireTimeoutError
    expect(waitedMs).toBeGreaterThan(95)
    expect(waitedMs).toBeLessThan(300)
    expect(message).toContain(
      'queue: 4 callers of 2 tenants wait, 3 of them of this tenant, at most 2 of those before',
    )
    await Promise.all(others)
    expect(gate.snapshot()).toMatchObject({ waiting: 0, tenantsWaiting: 0, inUse: 2, timedOut: 4 })
  })

  it('gives up while the pool connects, keeps the place until it has, and gives both back then', async () => {
    const gate = new PoolGate(pool)
    target.proxy.blackHole('down')
    const error = await rejection(gate.acquire(TENANT_A, 100))
    expect(error).toBeInstanceOf(AcquireTimeoutError)
    expect(error).toMatchObject({ queue: undefined, message: expect.stringContaining('slow to accept') })
    expect(gate.snapshot()).toMatchObject({ inUse: 1, waiting: 0, timedOut: 1, acquired: 0 })
    target.proxy.resetAll()
    target.proxy.clearToxics()
    await expect.poll(() => gate.snapshot().inUse).toBe(0)
    taken.push(await gate.acquire(TENANT_A, LONG_MS))
  })

  it('gives a connection that comes too late back to the pool, for the next', async () => {
    const gate = new PoolGate(pool)
    target.proxy.latency(100)
    await rejection(gate.acquire(TENANT_A, 50))
    await expect.poll(() => pool.idleCount, { timeout: 5_000 }).toBe(1)
    expect(gate.snapshot()).toMatchObject({ inUse: 0, discarded: 0, timedOut: 1 })
  })

  it('refuses at once what the queue has no room for', async () => {
    const { gate } = await fullGate({ maxQueue: 1 })
    const waiting = rejection(gate.acquire(TENANT_B, 200))
    const startedAt = performance.now()
    expect(await rejection(gate.acquire(TENANT_A, LONG_MS))).toBeInstanceOf(QueueFullError)
    expect(performance.now() - startedAt).toBeLessThan(50)
    expect(await waiting).toBeInstanceOf(AcquireTimeoutError)
    expect(gate.snapshot()).toMatchObject({ refused: 1, timedOut: 1, inUse: 2 })
  })

  it('takes a request out of the queue when its signal aborts', async () => {
    const { gate, leases } = await fullGate()
    const controller = new AbortController()
    const aborted = rejection(gate.acquire(TENANT_A, LONG_MS, controller.signal))
    const next = gate.acquire(TENANT_A, LONG_MS)
    controller.abort(new Error('changed my mind'))
    expect(await aborted).toMatchObject({ message: 'changed my mind' })
    expect(gate.snapshot()).toMatchObject({ waiting: 1, cancelled: 1 })
    leases[0].release()
    taken.push(await next)
  })

  it('takes a request back when its signal aborts while the pool connects, or before anything', async () => {
    const gate = new PoolGate(pool)
    target.proxy.latency(50)
    const controller = new AbortController()
    const aborted = rejection(gate.acquire(TENANT_A, LONG_MS, controller.signal))
    controller.abort(new Error('too slow'))
    expect(await aborted).toMatchObject({ message: 'too slow' })
    expect(gate.snapshot()).toMatchObject({ inUse: 1, cancelled: 1 })
    await expect.poll(() => pool.idleCount, { timeout: 5_000 }).toBe(1)
    expect(await rejection(gate.acquire(TENANT_A, LONG_MS, controller.signal))).toMatchObject({
      message: 'too slow',
    })
    expect(gate.snapshot()).toMatchObject({ inUse: 0, acquired: 0 })
  })

  it('admits the next caller when a connection is discarded, and counts that', async () => {
    const { gate, leases } = await fullGate()
    const next = gate.acquire(TENANT_B, LONG_MS)
    leases[0].discard()
    leases[0].discard()
    leases[0].release()
    taken.push(await next)
    expect(gate.snapshot()).toMatchObject({ discarded: 1, inUse: 2, total: 2, acquired: 3 })
  })

  it('gives the place back when no connection can be made, and says why', async () => {
    const gate = new PoolGate(pool)
    target.proxy.refuse(true)
    const errors = await Promise.all([1, 2, 3, 4, 5].map(() => rejection(gate.acquire(TENANT_A, LONG_MS))))
    for (const error of errors) expect(error).toBeInstanceOf(ConnectError)
    expect(gate.snapshot()).toMatchObject({ inUse: 0, waiting: 0, failed: 5 })
    target.proxy.refuse(false)
    taken.push(await gate.acquire(TENANT_A, LONG_MS))
  })

  it("passes the server's own error on when it refuses the login", async () => {
    const gate = new PoolGate(target.pool({ max: 2, user: 'nobody_of_that_name' }))
    expect(await rejection(gate.acquire(TENANT_A, LONG_MS))).toMatchObject({ code: '28000' })
    expect(gate.snapshot()).toMatchObject({ inUse: 0, failed: 1 })
  })

  it('fails those who wait when the pool has been ended', async () => {
    const own = target.pool({ max: 1 })
    const gate = new PoolGate(own)
    const lease = await gate.acquire(TENANT_A, LONG_MS)
    const waiting = [TENANT_A, TENANT_B].map((tenant) => rejection(gate.acquire(tenant, LONG_MS)))
    const ended = own.end()
    lease.release()
    await ended
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(ConnectError)
    expect(gate.snapshot()).toMatchObject({ inUse: 0, waiting: 0 })
    own.end = () => Promise.resolve()
  })

  it('has at most as many requests in the queue of a borrowed pool as that has connections', async () => {
    const theirs = [await pool.connect(), await pool.connect()]
    const gate = new PoolGate(pool)
    const ours = Array.from({ length: 6 }, () => gate.acquire(TENANT_A, LONG_MS))
    expect(pool.waitingCount).toBe(2)
    expect(gate.snapshot()).toMatchObject({ inUse: 2, waiting: 4 })
    for (const client of theirs) client.release()
    for (const lease of ours) (await lease).release()
    expect(gate.snapshot()).toMatchObject({ inUse: 0, waiting: 0, acquired: 6 })
  })

  it('shows how it stands and what it has done, in a snapshot that stays as it is', async () => {
    const { gate, leases } = await fullGate()
    const waiting = [TENANT_A, TENANT_B, TENANT_B].map((tenant) => gate.acquire(tenant, LONG_MS))
    const before = gate.snapshot(1)
    expect(before.longestQueues).toEqual([{ tenantHash: hashTenant(TENANT_B), waiting: 2 }])
    expect(before).toMatchObject({
      inUse: 2,
      waiting: 3,
      tenantsWaiting: 2,
      acquired: 2,
      admittedAfterWait: 0,
    })
    await sleep(30)
    leases[0].release()
    for (const lease of waiting) (await lease).release()
    const after = gate.snapshot()
    expect(after).toMatchObject({
      admitted: 5,
      acquired: 5,
      admittedAfterWait: 3,
      inUse: 1,
      longestQueues: [],
    })
    expect(after.waitedMaxMs).toBeGreaterThan(25)
    expect(after.waitedMs).toBeGreaterThanOrEqual(3 * 25)
    expect(after.acquireMs).toBeGreaterThanOrEqual(after.waitedMs)
    expect(after.acquireMaxMs).toBeGreaterThanOrEqual(after.waitedMaxMs)
    expect(before).toMatchObject({ waiting: 3, admitted: 2 })
    for (const part of [before, before.longestQueues, before.longestQueues[0]]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('publishes how each request ended', async () => {
    const { gate } = await fullGate({ maxQueuePerTenant: 1 })
    const messages = channelMessages('leasehold:acquire')
    const controller = new AbortController()
    const ends = [
      rejection(gate.acquire(TENANT_A, 50)),
      rejection(gate.acquire(TENANT_A, LONG_MS)),
      rejection(gate.acquire(TENANT_B, LONG_MS, controller.signal)),
    ]
    controller.abort()
    await Promise.all(ends)
    expect(messages.take()).toMatchObject([
      { outcome: 'refused', total: 2, idle: 0, waiting: 1 },
      { outcome: 'cancelled', waiting: 1 },
      { outcome: 'timed-out', waiting: 0 },
    ])
  })

  it('leaves no timer and no listener behind once a request has been answered', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const gate = new PoolGate(pool)
    const { signal } = new AbortController()
    const before = timers()
    taken.push(await gate.acquire(TENANT_A, LONG_MS, signal), await gate.acquire(TENANT_A, LONG_MS))
    // Others may have run out meanwhile; ours would be two more.
    expect(timers()).toBeLessThanOrEqual(before)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('refuses a pool that does not say how many connections it may have', () => {
    const bare = { connect: () => pool.connect(), end: () => pool.end(), on: () => bare }
    const counts = { totalCount: 0, idleCount: 0, waitingCount: 0 }
    expect(() => new PoolGate({ ...bare, ...counts })).toThrow(ConfigError)
  })
})

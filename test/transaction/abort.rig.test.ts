import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CommitUnknownError, createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const COUNT = 'select count(*)::int as n from notes'
const INSERT = `insert into notes (body) values ('x')`

describe.each(TARGETS)('an aborted signal, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    db = createLeasehold({ primary: target.pool({ max: 2 }) })
  })

  afterEach(async () => {
    target.proxy.clearToxics()
    await target.admin.query('truncate notes, shared_log, parents, children')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const notes = async () => (await target.admin.query('select from notes')).rows.length
  const reason = new Error('the client went away')
  /** Aborts when the callback says so, and tells how long the call took from there. */
  const abortIn = async (
    work: (tx: Parameters<Parameters<Leasehold['withTenant']>[1]>[0], abort: () => void) => Promise<unknown>,
  ) => {
    const controller = new AbortController()
    let abortedAt = 0
    const abort = () => {
      abortedAt = performance.now()
      controller.abort(reason)
    }
    const call = db.withTenant(TENANT_A, (tx) => work(tx, abort), { signal: controller.signal })
    await expect(call).rejects.toBe(reason)
    return performance.now() - abortedAt
  }

  it('sends nothing when it came before the call', async () => {
    target.proxy.resetCounts()
    const call = db.withTenant(TENANT_A, (tx) => tx.query(INSERT), { signal: AbortSignal.abort(reason) })
    await expect(call).rejects.toBe(reason)
    expect(target.proxy.counts.roundTrips).toBe(0)
  })

  it.each(['first', 'second'])('rejects at once, and stops the %s statement on the server', async (which) => {
    const tookMs = await abortIn(async (tx, abort) => {
      if (which === 'second') await tx.query(INSERT)
      setTimeout(abort, 60)
      await tx.query('select pg_sleep(20)')
    })
    expect(tookMs).toBeLessThan(200)
    await expect.poll(() => target.activeBackends(), { timeout: 1_000 }).toBe(0)
    await expect.poll(() => target.leasesOut(), { timeout: 1_000 }).toBe(0)
    expect(await target.idleInTransaction()).toBe(0)
    expect(await notes()).toBe(0)
  })

  it('stops a statement that the cancel request overtook', async () => {
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.latency({ upMs: 200 })
    await abortIn(async (tx, abort) => {
      await tx.query('select 1')
      const running = tx.query('select pg_sleep(20)')
      await sleep(1)
      // The first cancel request goes through at once, while the statement is still on its way.
      target.proxy.latency({ upMs: 0 })
      abort()
      await running
    })
    await expect.poll(() => target.leasesOut(), { timeout: 1_000 }).toBe(0)
    expect([await target.activeBackends(), await target.idleInTransaction()]).toEqual([0, 0])
  })

  it('rolls back between two statements, and keeps the connection', async () => {
    await db.tenant(TENANT_A).query('select 1')
    const before = target.proxy.connections
    await abortIn(async (tx, abort) => {
      await tx.query(INSERT)
      abort()
      await sleep(20)
      await tx.query(INSERT)
    })
    await expect.poll(() => target.idleInTransaction()).toBe(0)
    expect([await notes(), target.proxy.connections]).toEqual([0, before])
  })

  it('never cancels what the next caller runs on the connection, however late the cancel request comes', async () => {
    const one = createLeasehold({ primary: target.pool({ max: 1 }) })
    await one.tenant(TENANT_A).query('select 1')
    const controller = new AbortController()
    const slow = one.withTenant(TENANT_A, (tx) => tx.query('select pg_sleep(0.05)'), {
      signal: controller.signal,
    })
    await sleep(10)
    // The cancel request is held up for longer than the statement runs; all that comes after it is not.
    target.proxy.latency({ upMs: 250 })
    controller.abort(reason)
    await expect(slow).rejects.toBe(reason)
    await sleep(20)
    target.proxy.latency({ upMs: 0 })
    const { rows } = await one.tenant(TENANT_A).query('select pg_sleep(0.5), 1 as one')
    expect(rows).toMatchObject([{ one: 1 }])
    await one.close()
  })

  it('destroys the connection when the server does not let go of the statement in time', async () => {
    const tookMs = await abortIn(async (tx, abort) => {
      await tx.query(INSERT)
      target.proxy.blackHole(true)
      setTimeout(abort, 20)
      await tx.query('select 1')
    })
    expect(tookMs).toBeLessThan(200)
    await expect.poll(() => target.leasesOut(), { timeout: 1_500 }).toBe(0)
    target.proxy.clearToxics()
    target.proxy.resetAll()
    await expect.poll(notes).toBe(0)
  })

  it('leaves the outcome of a COMMIT that was sent unknown, and sends no cancel request for it', async () => {
    const controller = new AbortController()
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.resetCounts()
    const call = db.withTenant(
      TENANT_A,
      async (tx) => {
        await tx.query(INSERT)
        target.proxy.latency({ downMs: 100 })
        setTimeout(() => controller.abort(reason), 50)
      },
      { signal: controller.signal },
    )
    await expect(call).rejects.toThrow(CommitUnknownError)
    await expect(call).rejects.toMatchObject({ cause: reason })
    expect(target.proxy.counts.connections).toBe(0)
    await expect.poll(notes).toBe(1)
  })

  it('does not undo a commit, nor keep its hooks from running', async () => {
    const controller = new AbortController()
    const hooks: number[] = []
    const work = db.withTenant(
      TENANT_A,
      async (tx) => {
        await tx.query(INSERT)
        tx.afterCommit(() => controller.abort(reason))
        tx.afterCommit(() => void hooks.push(1))
        return 7
      },
      { signal: controller.signal },
    )
    expect(await work).toBe(7)
    expect([hooks.length, await notes()]).toEqual([1, 1])
  })

  it('ends a wait for a connection', async () => {
    const busy = createLeasehold({ primary: target.pool({ max: 1 }) })
    const free = Promise.withResolvers<void>()
    const holding = busy.withTenant(TENANT_A, async (tx) => {
      await tx.query(COUNT)
      await free.promise
    })
    await sleep(20)
    const controller = new AbortController()
    const waiting = busy.withTenant(TENANT_A, (tx) => tx.query(INSERT), { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 20)
    await expect(waiting).rejects.toBe(reason)
    free.resolve()
    await holding
    expect((await busy.tenant(TENANT_A).query(COUNT)).rows).toEqual([{ n: 0 }])
    await busy.close()
  })
})

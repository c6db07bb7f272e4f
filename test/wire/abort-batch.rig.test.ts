import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const INSERT = `insert into notes (body) values ('x')`
const SLOW_INSERT = `insert into notes (body) select 'x' from pg_sleep(0.3)`

describe.each(TARGETS)('a batch whose signal is aborted, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    db = createLeasehold({ primary: target.pool({ max: 2 }) })
    await db.tenant(TENANT_A).query('select 1')
  })

  afterEach(async () => {
    target.proxy.clearToxics()
    await target.admin.query('truncate notes')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const reason = new Error('the client went away')
  const notes = async () => (await target.admin.query('select from notes')).rows.length
  const abortAfter = (ms: number) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), ms)
    return controller.signal
  }

  it('sends nothing when it came before the call, reading or writing', async () => {
    target.proxy.resetCounts()
    for (const readOnly of [true, false]) {
      const handle = db.tenant(TENANT_A, { readOnly, signal: AbortSignal.abort(reason) })
      await expect(handle.query('select 1')).rejects.toBe(reason)
    }
    expect(target.proxy.counts.roundTrips).toBe(0)
    expect(await target.leasesOut()).toBe(0)
  })

  it('rejects a read at once, and leaves nothing running and no lease out', async () => {
    const startedAt = performance.now()
    const read = db.tenant(TENANT_A, { readOnly: true, signal: abortAfter(60) }).query('select pg_sleep(20)')
    await expect(read).rejects.toBe(reason)
    expect(performance.now() - startedAt).toBeLessThan(400)
    await expect.poll(() => target.activeBackends(), { timeout: 1_000 }).toBe(0)
    await expect.poll(() => target.leasesOut(), { timeout: 1_000 }).toBe(0)
  })

  it('never cancels what the next caller runs on the connection', async () => {
    const one = createLeasehold({ primary: target.pool({ max: 1 }) })
    await one.tenant(TENANT_A).query('select 1')
    const read = one
      .tenant(TENANT_A, { readOnly: true, signal: abortAfter(20) })
      .query('select pg_sleep(0.1)')
    setTimeout(() => target.proxy.latency({ upMs: 250 }), 10)
    await expect(read).rejects.toBe(reason)
    // The cancel request is on its way by now, and slow; all that comes after it is not.
    await sleep(30)
    target.proxy.latency({ upMs: 0 })
    const { rows } = await one.tenant(TENANT_A).query('select pg_sleep(0.5), 1 as one')
    expect(rows).toMatchObject([{ one: 1 }])
    await one.close()
  })

  it('lets a write that was sent settle by itself', async () => {
    const write = db.tenant(TENANT_A, { signal: abortAfter(60) }).query(SLOW_INSERT)
    await expect(write).resolves.toMatchObject({ rowCount: 1 })
    expect(await notes()).toBe(1)
  })

  it('takes a call out of the queue for a connection', async () => {
    const one = createLeasehold({ primary: target.pool({ max: 1 }) })
    const slow = one.tenant(TENANT_A).query('select pg_sleep(0.4)')
    const waiting = one.tenant(TENANT_A, { signal: abortAfter(50) }).query(INSERT)
    const first = await Promise.race([slow, waiting.catch((error: unknown) => error)])
    expect([first, one.pool().waiting]).toEqual([reason, 0])
    await slow
    expect(await notes()).toBe(0)
    await one.close()
  })

  it('is passed on to a transaction that is opened on the handle', async () => {
    const handle = db.tenant(TENANT_A, { signal: abortAfter(60) })
    const call = handle.transaction().execute((tx) => tx.query('select pg_sleep(20)'))
    await expect(call).rejects.toBe(reason)
    await expect.poll(() => target.leasesOut(), { timeout: 1_000 }).toBe(0)
  })
})

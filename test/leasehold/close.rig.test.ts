import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ClosedError,
  CommitUnknownError,
  ConfigError,
  ConnectionLostError,
  createLeasehold,
  type Leasehold,
} from '../../src/index.ts'
import { waitUntil } from '../../src/testing/rig/wait-until.ts'
import { TENANT_A } from '../support/notes.ts'
import { createSystemRole } from '../support/system-role.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const INSERT = "insert into notes (body) values ('x')"

describe.each(TARGETS)('closing, %s', (name) => {
  let target: Target
  const open: Leasehold[] = []

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 3 })
  })

  afterEach(async () => {
    await Promise.all(open.splice(0).map((db) => db.close({ drainMs: 0 })))
    await target.admin.query('truncate notes')
  })

  afterAll(() => target.close())

  const connect = (max = 2) => {
    const db = createLeasehold({ primary: target.poolOptions({ max }) })
    open.push(db)
    return db
  }
  const notes = async () => (await target.admin.query('select from notes')).rows.length
  const timed = async (work: Promise<unknown>) => {
    const startedAt = performance.now()
    await work
    return performance.now() - startedAt
  }

  it('refuses new work at once, that of a handle made before too', async () => {
    const db = connect()
    const handle = db.tenant(TENANT_A)
    await handle.query('select 1')
    const closing = db.close()
    target.proxy.resetCounts()
    for (const start of [
      () => db.tenant(TENANT_A),
      () => db.shared(),
      () => db.run({ tenant: TENANT_A }, () => {}),
      () => db.current(),
    ]) {
      expect(start).toThrow(ClosedError)
    }
    for (const start of [
      () => handle.query('select 1'),
      () => handle.transaction().execute((tx) => tx.query('select 1')),
      () => db.withTenant(TENANT_A, () => {}),
      () => db.forEachTenant([TENANT_A], {}, () => {}),
    ]) {
      await expect(start()).rejects.toThrow(ClosedError)
    }
    await closing
    expect(target.proxy.counts.roundTrips).toBe(0)
  })

  it('lets work in flight end: that has a connection, that waits for one, that has yet to ask, and what nests', async () => {
    const db = connect(1)
    const entered = Promise.withResolvers<void>()
    const slow = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      entered.resolve()
      await setTimeout(60)
      await db.withTenant(TENANT_A, (inner) => inner.query(INSERT))
      await tx.query(INSERT)
    })
    await entered.promise
    const waiting = db.tenant(TENANT_A).query(INSERT)
    const lazy = db.withTenant(TENANT_A, async (tx) => {
      await setTimeout(30)
      await tx.query(INSERT)
    })
    await setTimeout(5)
    await db.close()
    const settled = await Promise.allSettled([slow, waiting, lazy])
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
    expect(await notes()).toBe(5)
  })

  it.each<[string, (db: Leasehold) => Promise<unknown>]>([
    ['a single statement', (db) => db.tenant(TENANT_A).query(`${INSERT} returning pg_sleep(0.1)`)],
    [
      'a transaction that has yet to ask for a connection',
      (db) =>
        db.withTenant(TENANT_A, async (tx) => {
          await setTimeout(50)
          await tx.query(INSERT)
        }),
    ],
    [
      'a transaction of a handle',
      (db) =>
        db
          .tenant(TENANT_A)
          .transaction()
          .execute(async (tx) => {
            await tx.query(INSERT)
            await setTimeout(50)
          }),
    ],
  ])('lets %s end that is alone in flight', async (_label, work) => {
    const db = connect()
    const running = work(db)
    await setTimeout(20)
    await db.close()
    await running
    expect(await notes()).toBe(1)
  })

  it('destroys what still runs after drainMs, and says what became of it', async () => {
    const db = connect(2)
    const inStatement = db.tenant(TENANT_A).query(`${INSERT} returning pg_sleep(1)`)
    const entered = Promise.withResolvers<void>()
    const inCallback = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      entered.resolve()
      await setTimeout(400)
      await tx.query(INSERT)
    })
    const waiting = db.withTenant(TENANT_A, (tx) => tx.query(INSERT))
    const outcomes = Promise.allSettled([inStatement, inCallback, waiting])
    await entered.promise
    const closedInMs = await timed(db.close({ drainMs: 100 }))
    expect(closedInMs).toBeGreaterThan(95)
    expect(closedInMs).toBeLessThan(400)
    const errors = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' ? outcome.reason : undefined,
    )
    expect(errors[0]).toBeInstanceOf(CommitUnknownError)
    expect(errors[1]).toBeInstanceOf(ConnectionLostError)
    expect(errors[2]).toBeInstanceOf(ClosedError)
    for (const error of errors.slice(0, 2)) expect(error).toMatchObject({ cause: { code: 'LSH_ERR_CLOSED' } })
    expect(db.pool()).toMatchObject({ total: 0, inUse: 0, waiting: 0 })
    await waitUntil(async () => (await target.idleInTransaction()) === 0, {
      timeoutMs: 2_000,
      onTimeout: () => new Error('The transaction was not ended.'),
    })
    expect(await notes()).toBe(0)
  })

  it('returns within its limit when the server answers nothing', async () => {
    const db = connect(2)
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.blackHole(true)
    const lost = db.tenant(TENANT_A, { readOnly: true }).query('select 1')
    const outcome = lost.catch((error: unknown) => error)
    try {
      expect(await timed(db.close({ drainMs: 100 }))).toBeLessThan(1_400)
      expect(await outcome).toMatchObject({
        code: expect.stringMatching(/^LSH_ERR_(CLOSED|CONNECTION_LOST)$/),
      })
    } finally {
      target.proxy.clearToxics()
    }
  })

  it('can be repeated, and be awaited by using', async () => {
    const db = connect()
    await db.tenant(TENANT_A).query('select 1')
    await Promise.all([db.close(), db.close(), db[Symbol.asyncDispose]()])
    await db.close()
    await expect(db.close({ drainMs: -1 })).rejects.toThrow(ConfigError)
  })

  it('ends the pools that it made, the system’s too, and no other', async () => {
    const role = await createSystemRole(target)
    const theirs = target.pool({ max: 1 })
    const db = createLeasehold({
      primary: theirs,
      system: target.poolOptions({ max: 1, user: role.user }),
    })
    await db.tenant(TENANT_A).query('select 1')
    await db.system({ reason: 'INC-1' }, (tx) => tx.query('select 1'))
    target.proxy.resetCounts()
    await db.close()
    expect((await theirs.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    await expect(db.system({ reason: 'INC-1' }, () => {})).rejects.toThrow(ClosedError)
    const own = connect()
    await own.tenant(TENANT_A).query('select 1')
    await own.close()
    expect(own.pool().total).toBe(0)
    await role.drop()
  })
})

import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ClosedError,
  createLeasehold,
  FloatingQueryError,
  type Leasehold,
  NestingError,
  type TenantTransaction,
  TransactionAbortedError,
  UnsupportedError,
} from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'
import type { NotesDatabase } from './notes-database.ts'

describe.each(TARGETS)('a Kysely transaction, %s', (name) => {
  let target: Target
  let db: Leasehold<NotesDatabase>

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    db = createLeasehold<NotesDatabase>({ primary: target.poolOptions({ max: 2 }) })
  })

  afterEach(async () => {
    await target.admin.query('truncate notes, shared_log, parents, children')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const notes = async () => (await target.admin.query('select from notes')).rows.length
  type Work = (tx: TenantTransaction<NotesDatabase>) => Promise<unknown>
  const WAYS: [string, (work: Work) => Promise<unknown>][] = [
    ['withTenant', (work) => db.withTenant(TENANT_A, work)],
    ['transaction().execute', (work) => db.tenant(TENANT_A).transaction().execute(work)],
  ]

  describe.each(WAYS)('by %s', (_way, open) => {
    it('costs n + 1 round trips for n queries, and commits them together', async () => {
      await db.tenant(TENANT_A).query('select 1')
      target.proxy.resetCounts()
      await open(async (tx) => {
        await tx.insertInto('notes').values({ body: 'x' }).execute()
        expect(await tx.selectFrom('notes').select(['tenant_id', 'body']).execute()).toEqual([
          { tenant_id: TENANT_A, body: 'x' },
        ])
        expect(await notes()).toBe(0)
        await tx.query('insert into notes (body) values ($1)', ['y'])
      })
      expect(target.proxy.counts.roundTrips).toBe(4)
      expect(await notes()).toBe(2)
    })

    it('rolls back and rethrows what the callback throws', async () => {
      const cause = new Error('from the callback')
      const work = open(async (tx) => {
        await tx.insertInto('notes').values({ body: 'x' }).execute()
        throw cause
      })
      await expect(work).rejects.toBe(cause)
      expect(await notes()).toBe(0)
    })

    it('rejects when an error was swallowed and PostgreSQL rolled back', async () => {
      const work = open(async (tx) => {
        await tx.insertInto('notes').values({ body: 'x' }).execute()
        await sql`select 1/0`.execute(tx).catch(() => {})
      })
      await expect(work).rejects.toThrow(TransactionAbortedError)
    })

    it('is closed once its callback has settled, also for what was built before', async () => {
      let kept: TenantTransaction<NotesDatabase> | undefined
      let query: { execute(): Promise<unknown> } | undefined
      await open(async (tx) => {
        kept = tx.withSchema('public')
        query = tx.selectFrom('notes').selectAll()
        await query.execute()
      })
      target.proxy.resetCounts()
      await expect(query?.execute()).rejects.toThrow(ClosedError)
      await expect(kept?.query('select 1')).rejects.toThrow(ClosedError)
      await expect(kept?.batch(['select 1'])).rejects.toThrow(ClosedError)
      await expect(kept?.batch((q) => [q.selectFrom('notes').selectAll()])).rejects.toThrow(ClosedError)
      await expect(kept?.selectFrom('notes').selectAll().execute()).rejects.toThrow(ClosedError)
      await expect(kept?.selectFrom('notes').selectAll().stream().next()).rejects.toThrow(ClosedError)
      await expect(kept && sql`select 1`.execute(kept)).rejects.toThrow(ClosedError)
      expect(target.proxy.counts.roundTrips).toBe(0)
    })

    it('rolls back when a query of a builder still runs as the callback settles', async () => {
      const floating: Promise<unknown>[] = []
      const work = open(async (tx) => {
        floating.push(tx.insertInto('notes').values({ body: 'x' }).execute())
      })
      const [settled] = await Promise.allSettled([work, ...floating])
      expect(settled).toMatchObject({ reason: expect.any(FloatingQueryError) })
      await Promise.allSettled(floating)
      expect(await notes()).toBe(0)
    })

    it('refuses what would open another transaction or end this one', async () => {
      await open(async (tx) => {
        expect(() => tx.transaction()).toThrow(UnsupportedError)
        expect(() => tx.startTransaction()).toThrow(UnsupportedError)
        expect(() => tx.connection()).toThrow(UnsupportedError)
        expect(() => tx.destroy()).toThrow(UnsupportedError)
        expect(() => tx[Symbol.asyncDispose]()).toThrow(UnsupportedError)
        expect(tx.isTransaction).toBe(true)
      })
    })
  })

  it('has the isolation and the access mode that were asked for', async () => {
    const settings = sql<{ isolation: string; mode: string }>`
      select current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as mode`
    const open = () => db.tenant(TENANT_A).transaction()
    const ask = async (builder: ReturnType<typeof open>) =>
      (await builder.execute((tx) => settings.execute(tx))).rows
    expect(await ask(open())).toEqual([{ isolation: 'read committed', mode: 'off' }])
    const serializable = open().setIsolationLevel('serializable').setAccessMode('read only')
    expect(await ask(serializable)).toEqual([{ isolation: 'serializable', mode: 'on' }])
    expect(await ask(open().setAccessMode('read only').setIsolationLevel('repeatable read'))).toEqual([
      { isolation: 'repeatable read', mode: 'on' },
    ])
    expect(await ask(open().setIsolationLevel('read uncommitted'))).toEqual([
      { isolation: 'read committed', mode: 'off' },
    ])
  })

  it('joins the transaction around it, and cannot ask for another isolation there', async () => {
    await db.withTenant(TENANT_A, async (outer) => {
      await outer.insertInto('notes').values({ body: 'x' }).execute()
      const inner = db.tenant(TENANT_A).transaction()
      expect(await inner.execute((tx) => tx.selectFrom('notes').select('body').execute())).toEqual([
        { body: 'x' },
      ])
      const other = inner.setIsolationLevel('serializable').execute((tx) => tx.query('select 1'))
      await expect(other).rejects.toThrow(NestingError)
    })
    expect(await notes()).toBe(1)
  })

  it('takes the settings of the transaction around it unless the handle was given some', async () => {
    const scoped = createLeasehold<NotesDatabase>({
      primary: target.poolOptions({ max: 1 }),
      settings: ['app.user_id'],
    })
    const settings = { 'app.user_id': 'u1' }
    const user = sql<{ user: string }>`select current_setting('app.user_id') as "user"`
    await scoped.withTenant(
      TENANT_A,
      async () => {
        const joined = await scoped
          .tenant(TENANT_A)
          .transaction()
          .execute((tx) => user.execute(tx))
        expect(joined.rows).toEqual([{ user: 'u1' }])
        const other = scoped.tenant(TENANT_A, { settings: { 'app.user_id': 'u2' } }).transaction()
        await expect(other.execute((tx) => user.execute(tx))).rejects.toThrow(NestingError)
      },
      { settings },
    )
    await scoped.close()
  })

  it('is of its own tenant only', async () => {
    await db.tenant(TENANT_B).insertInto('notes').values({ body: 'theirs' }).execute()
    const seen = await db.withTenant(TENANT_A, (tx) => tx.selectFrom('notes').selectAll().execute())
    expect(seen).toEqual([])
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { asc, eq, sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ClosedError, FloatingQueryError, TransactionAbortedError } from '../../src/errors/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { ManyTenants } from './support/many-tenants.ts'

const notes = pgTable('notes', {
  tenantId: uuid('tenant_id').notNull().default(sql`default`),
  id: bigint('id', { mode: 'bigint' }).generatedAlwaysAsIdentity(),
  body: text('body').notNull(),
})
const seen = { tenantId: notes.tenantId, body: notes.body }

describe('Drizzle on asPool', () => {
  let many: ManyTenants
  let orm: NodePgDatabase

  beforeAll(async () => {
    many = await ManyTenants.open()
    orm = drizzle({ client: many.pool })
  })

  beforeEach(async () => {
    await many.target.admin.query('truncate notes')
  })

  afterAll(async () => {
    await many[Symbol.asyncDispose]()
  })

  const insert = (on: Pick<NodePgDatabase, 'execute'>, body: string) =>
    on.execute(sql`insert into notes (body) values (${body})`)
  // A query of Drizzle runs when it is awaited, which must be inside the scope.
  const inA = <T>(work: () => PromiseLike<T>) => many.db.run({ tenant: TENANT_A }, async () => await work())
  const inB = <T>(work: () => PromiseLike<T>) => many.db.run({ tenant: TENANT_B }, async () => await work())

  it('serves many tenants at once by one instance', async () => {
    const prepared = orm
      .select(seen)
      .from(notes)
      .where(eq(sql`1`, sql.placeholder('one')))
      .prepare('by_name')
    await many.work({
      insert: (body) => insert(orm, body),
      nested: (kept, inner, undone) =>
        orm.transaction(async (tx) => {
          await insert(tx, kept)
          await tx.transaction((within) => insert(within, inner))
          const failing = tx.transaction(async (within) => {
            await insert(within, undone)
            await within.execute(sql`select 1/0`)
          })
          await expect(failing).rejects.toMatchObject({ cause: { code: '22012' } })
        }),
      undone: async (body) => {
        const rolledBack = orm.transaction(async (tx) => {
          await insert(tx, body)
          tx.rollback()
        })
        await expect(rolledBack).rejects.toThrow('Rollback')
      },
      read: () =>
        Promise.all([
          orm.select(seen).from(notes).orderBy(asc(notes.id)),
          prepared.execute({ one: 1 }),
          orm.transaction((tx) => tx.select(seen).from(notes), {
            accessMode: 'read only',
            isolationLevel: 'repeatable read',
          }),
        ]),
    })
  })

  it('costs n + 1 round trips for a transaction of n statements', async () => {
    await Promise.all(Array.from({ length: 8 }, () => inA(() => orm.execute(sql`select pg_sleep(0.02)`))))
    many.target.proxy.resetCounts()
    await inA(() =>
      orm.transaction(async (tx) => {
        await insert(tx, 'x')
        await tx.select(seen).from(notes)
        await insert(tx, 'y')
      }),
    )
    expect(many.target.proxy.counts.roundTrips).toBe(4)
  })

  it('rejects a transaction whose error was swallowed, which pg would answer with success', async () => {
    const swallowing = inA(() =>
      orm.transaction(async (tx) => {
        await insert(tx, 'x')
        await tx.execute(sql`select 1/0`).catch(() => {})
      }),
    )
    const failure = await swallowing.catch((error) => error)
    expect(failure.cause).toBeInstanceOf(TransactionAbortedError)
    expect((await many.target.admin.query('select from notes')).rowCount).toBe(0)
  })

  it('sends nothing of a handle that leaked out of its transaction into that of another tenant', async () => {
    await inB(() => insert(orm, 'of b'))
    let late: Promise<unknown> = Promise.resolve()
    await inA(() =>
      orm.transaction(async (tx) => {
        await insert(tx, 'of a')
        late = sleep(30).then(() => tx.select(seen).from(notes))
      }),
    )
    await inB(() =>
      orm.transaction(async (tx) => {
        expect(await tx.select(seen).from(notes)).toHaveLength(1)
        const leaked = await (late as Promise<never>).catch((error) => error)
        expect(leaked.cause).toBeInstanceOf(ClosedError)
        expect(await tx.select(seen).from(notes)).toHaveLength(1)
      }),
    )
  })

  it('rejects a query that nobody awaits, instead of having it run for whoever comes next', async () => {
    let floating: Promise<unknown> | undefined
    const failing = inA(() =>
      orm.transaction(async (tx) => {
        await insert(tx, 'x')
        floating = tx.execute(sql`select pg_sleep(0.1)`).then(() => insert(tx, 'y'))
        floating.catch(() => {})
        throw new Error('enough')
      }),
    )
    await expect(failing).rejects.toThrow('enough')
    const error = await (floating as Promise<never>).catch((reason) => reason)
    expect([FloatingQueryError, ClosedError].some((type) => error.cause instanceof type)).toBe(true)
    expect((await many.target.admin.query('select from notes')).rowCount).toBe(0)
  })
})

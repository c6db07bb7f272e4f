import { PrismaPg } from '@prisma/adapter-pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TENANT_A } from '../support/notes.ts'
import { ManyTenants, type SeenNote } from './support/many-tenants.ts'

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>
type Queryable = Pick<Adapter, 'queryRaw' | 'executeRaw'>
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>

/** The driver adapter, called as Prisma's engine calls it: COMMIT and ROLLBACK are statements, before commit() and rollback(). */
describe('the pg adapter of Prisma on asPool', () => {
  let many: ManyTenants
  let adapter: Adapter

  beforeAll(async () => {
    many = await ManyTenants.open()
    adapter = await new PrismaPg(many.pool).connect()
  })

  afterAll(async () => {
    await adapter.dispose()
    await many[Symbol.asyncDispose]()
  })

  const text = { scalarType: 'string', arity: 'scalar' } as const
  const plain = (sql: string) => ({ sql, args: [], argTypes: [] })
  const insert = (on: Queryable, body: string) =>
    on.executeRaw({ sql: 'insert into notes (body) values ($1)', args: [body], argTypes: [text] })
  const read = async (on: Queryable): Promise<readonly SeenNote[]> => {
    const { columnNames, rows } = await on.queryRaw(plain('select tenant_id, body from notes order by id'))
    expect(columnNames).toEqual(['tenant_id', 'body'])
    return rows.map(([tenantId, body]) => ({ tenantId: String(tenantId), body: String(body) }))
  }
  const commit = async (tx: Transaction) => {
    await tx.executeRaw(plain('COMMIT'))
    await tx.commit()
  }
  const rollback = async (tx: Transaction) => {
    await tx.executeRaw(plain('ROLLBACK'))
    await tx.rollback()
  }
  const inA = <T>(work: () => Promise<T>) => many.db.run({ tenant: TENANT_A }, work)

  it('takes the pool for one of pg, and works with it instead of making one', () => {
    expect((adapter as unknown as { underlyingDriver(): unknown }).underlyingDriver()).toBe(many.pool)
  })

  it('serves many tenants at once by one instance', async () => {
    await many.work({
      insert: async (body) => expect(await insert(adapter, body)).toBe(1),
      nested: async (kept, inner, undone) => {
        const tx = await adapter.startTransaction('REPEATABLE READ')
        await insert(tx, kept)
        await tx.executeRaw(plain('SAVEPOINT s1'))
        await insert(tx, inner)
        await tx.executeRaw(plain('RELEASE SAVEPOINT s1'))
        await tx.executeRaw(plain('SAVEPOINT s2'))
        await insert(tx, undone)
        await expect(tx.queryRaw(plain('select 1/0'))).rejects.toMatchObject({
          cause: { originalCode: '22012' },
        })
        await tx.executeRaw(plain('ROLLBACK TO SAVEPOINT s2'))
        await commit(tx)
      },
      undone: async (body) => {
        const tx = await adapter.startTransaction()
        await insert(tx, body)
        await rollback(tx)
      },
      read: async () => {
        const tx = await adapter.startTransaction('REPEATABLE READ')
        const within = await read(tx)
        await commit(tx)
        return [within, await read(adapter)]
      },
    })
  })

  it('costs n + 1 round trips for a transaction of n statements', async () => {
    await Promise.all(
      Array.from({ length: 8 }, () => inA(() => adapter.queryRaw(plain('select pg_sleep(0.02)::text')))),
    )
    many.target.proxy.resetCounts()
    await inA(async () => {
      const tx = await adapter.startTransaction('SERIALIZABLE')
      await read(tx)
      await insert(tx, 'x')
      await commit(tx)
    })
    expect(many.target.proxy.counts.roundTrips).toBe(3)
  })

  it('rejects the COMMIT of a transaction whose error was swallowed', async () => {
    await inA(async () => {
      const tx = await adapter.startTransaction()
      await insert(tx, 'x')
      await tx.queryRaw(plain('select 1/0')).catch(() => {})
      const failure = await tx.executeRaw(plain('COMMIT')).catch((error) => error)
      expect(String(failure.message)).toContain('rolled back instead of committed')
      await rollback(tx)
    })
  })
})

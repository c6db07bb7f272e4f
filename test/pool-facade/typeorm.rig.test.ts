import { setTimeout as sleep } from 'node:timers/promises'
import { DataSource, EntitySchema } from 'typeorm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClosedError, ScopeRequiredError, TransactionAbortedError } from '../../src/errors/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { ManyTenants, type SeenNote } from './support/many-tenants.ts'

interface Note extends SeenNote {
  readonly id: string
}

const Notes = new EntitySchema<Note>({
  name: 'notes',
  columns: {
    tenantId: { name: 'tenant_id', type: 'uuid', primary: true, insert: false },
    id: { type: 'bigint', primary: true, generated: 'increment' },
    body: { type: 'text' },
  },
})

describe('TypeORM on asPool', () => {
  let many: ManyTenants
  let orm: DataSource

  beforeAll(async () => {
    many = await ManyTenants.open()
    const { pool } = many
    // TypeORM makes its pool by `new`.
    function GivenPool() {
      return pool
    }
    const driver = { Pool: GivenPool }
    orm = new DataSource({ type: 'postgres', driver, entities: [Notes], installExtensions: false })
    // It asks the server for its version, which takes a scope as everything does.
    await many.db.run({ tenant: TENANT_A }, () => orm.initialize())
  })

  afterAll(async () => {
    await orm.destroy()
    await many[Symbol.asyncDispose]()
  })

  const inA = <T>(work: () => Promise<T>) => many.db.run({ tenant: TENANT_A }, work)
  const insert = (on: Pick<DataSource, 'query'>, body: string) =>
    on.query('insert into notes (body) values ($1)', [body])

  it('serves many tenants at once by one instance', async () => {
    await many.work({
      insert: (body) => orm.getRepository(Notes).createQueryBuilder().insert().values({ body }).execute(),
      nested: (kept, inner, undone) =>
        orm.transaction(async (manager) => {
          await insert(manager, kept)
          await manager.transaction((within) => insert(within, inner))
          const failing = manager.transaction(async (within) => {
            await insert(within, undone)
            await within.query('select 1/0')
          })
          await expect(failing).rejects.toMatchObject({ code: '22012' })
        }),
      undone: async (body) => {
        const rolledBack = orm.transaction('REPEATABLE READ', async (manager) => {
          await insert(manager, body)
          throw new Error('enough')
        })
        await expect(rolledBack).rejects.toThrow('enough')
      },
      read: async () => {
        const columns = { tenantId: true, body: true } as const
        const ways = [
          orm.getRepository(Notes).find({ select: columns }),
          orm.transaction('REPEATABLE READ', (manager) => manager.find(Notes, { select: columns })),
          orm.transaction(async (manager) => {
            const stream = await manager.queryRunner?.stream(
              'select tenant_id as "tenantId", body from notes',
            )
            return (await stream?.toArray()) as SeenNote[]
          }),
        ]
        const read = await Promise.all(ways)
        return read.map((notes) => notes.map(({ tenantId, body }) => ({ tenantId, body })))
      },
    })
  })

  it('costs n + 1 round trips for a transaction of n statements, its isolation set behind BEGIN', async () => {
    await Promise.all(Array.from({ length: 8 }, () => inA(() => orm.query('select pg_sleep(0.02)'))))
    many.target.proxy.resetCounts()
    await inA(() =>
      orm.transaction('SERIALIZABLE', async (manager) => {
        const [mode] = await manager.query(`select current_setting('transaction_isolation') as level`)
        expect(mode).toEqual({ level: 'serializable' })
        await manager.query('select 2')
      }),
    )
    expect(many.target.proxy.counts.roundTrips).toBe(3)
  })

  it('rejects a transaction whose error was swallowed', async () => {
    const swallowing = inA(() =>
      orm.transaction(async (manager) => {
        await insert(manager, 'x')
        await manager.query('select 1/0').catch(() => {})
      }),
    )
    const failure = await swallowing.catch((error) => error)
    expect(failure.driverError).toBeInstanceOf(TransactionAbortedError)
  })

  it('sends nothing of a runner that leaked into the scope of another tenant', async () => {
    const runner = orm.createQueryRunner()
    await inA(async () => {
      await runner.startTransaction()
      await insert(runner, 'x')
    })
    const leaked = await many.db
      .run({ tenant: TENANT_B }, () => runner.query('select * from notes'))
      .catch((error) => error)
    expect(leaked.driverError).toMatchObject({ code: 'LSH_ERR_TENANT_MISMATCH' })
    const connection = await runner.connect()
    await inA(() => runner.rollbackTransaction())
    await runner.release()
    await sleep(1)
    await expect(inA(() => connection.query('select 1'))).rejects.toThrow(ClosedError)
  })

  it('rejects outside of a scope', async () => {
    await expect(orm.getRepository(Notes).find()).rejects.toThrow(ScopeRequiredError)
  })
})

import createKnex, { type Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ScopeRequiredError, TransactionAbortedError } from '../../src/errors/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { ManyTenants, type SeenNote } from './support/many-tenants.ts'

describe('Knex on asPool', () => {
  let many: ManyTenants
  let knex: Knex

  beforeAll(async () => {
    many = await ManyTenants.open()
    const options = { client: 'pg', connectionPool: many.pool, log: { warn() {} } }
    knex = createKnex(options as Knex.Config)
  })

  afterAll(async () => {
    await knex.destroy()
    await many[Symbol.asyncDispose]()
  })

  const inA = <T>(work: () => Promise<T>) => many.db.run({ tenant: TENANT_A }, work)
  const read = async (on: Knex): Promise<readonly SeenNote[]> =>
    on('notes').select({ tenantId: 'tenant_id', body: 'body' }).orderBy('id')

  it('serves many tenants at once by one instance', async () => {
    await many.work({
      insert: (body) => knex('notes').insert({ body }),
      nested: (kept, inner, undone) =>
        knex.transaction(async (trx) => {
          await trx('notes').insert({ body: kept })
          await trx.transaction((within) => within('notes').insert({ body: inner }))
          const failing = trx.transaction(async (within) => {
            await within('notes').insert({ body: undone })
            await within.raw('select 1/0')
          })
          await expect(failing).rejects.toMatchObject({ code: '22012' })
        }),
      undone: async (body) => {
        const trx = await knex.transaction()
        await trx('notes').insert({ body }).returning('id')
        await trx.rollback()
      },
      read: () =>
        Promise.all([
          read(knex),
          knex.transaction((trx) => read(trx), { isolationLevel: 'repeatable read', readOnly: true }),
          knex.raw('select tenant_id as "tenantId", body from notes').then(({ rows }) => rows),
        ]),
    })
  })

  it('costs n + 1 round trips for a transaction of n statements', async () => {
    await Promise.all(Array.from({ length: 8 }, () => inA(async () => knex.raw('select pg_sleep(0.02)'))))
    many.target.proxy.resetCounts()
    await inA(() =>
      knex.transaction(async (trx) => {
        await trx.raw('select 1')
        await trx.raw('select 2')
      }),
    )
    expect(many.target.proxy.counts.roundTrips).toBe(3)
  })

  it('rejects a transaction whose error was swallowed', async () => {
    const swallowing = inA(() =>
      knex.transaction(async (trx) => {
        await trx('notes').insert({ body: 'x' })
        await trx.raw('select 1/0').catch(() => {})
      }),
    )
    await expect(swallowing).rejects.toThrow(TransactionAbortedError)
  })

  it('rejects outside of a scope', async () => {
    await expect(knex('notes').select()).rejects.toThrow(ScopeRequiredError)
    await expect(knex.transaction(async () => {})).rejects.toThrow(ScopeRequiredError)
  })
})

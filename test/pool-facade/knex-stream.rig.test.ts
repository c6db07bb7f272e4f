import createKnex, { type Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NestingError } from '../../src/errors/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { ManyTenants, type SeenNote } from './support/many-tenants.ts'

describe('streams of Knex on asPool', () => {
  let many: ManyTenants
  let knex: Knex

  beforeAll(async () => {
    many = await ManyTenants.open()
    knex = createKnex({ client: 'pg', connectionPool: many.pool, log: { warn() {} } } as Knex.Config)
  })

  afterAll(async () => {
    await knex.destroy()
    await many[Symbol.asyncDispose]()
  })

  const read = async (on: Knex, scope?: Knex.Transaction): Promise<readonly SeenNote[]> => {
    const query = on('notes').select({ tenantId: 'tenant_id', body: 'body' })
    if (scope) query.transacting(scope)
    return query.stream({ highWaterMark: 4 }).toArray()
  }

  it('give each of many tenants its own rows, inside a transaction', async () => {
    await many.work({
      insert: (body) => knex('notes').insert({ body }),
      nested: (kept, inner, undone) =>
        knex.transaction(async (trx) => {
          await trx('notes').insert([{ body: kept }, { body: inner }])
          await expect(
            trx.transaction(async (within) => within('nothing').insert({ undone })),
          ).rejects.toThrow()
        }),
      undone: async () => {},
      read: () => knex.transaction(async (trx) => [await read(trx)]),
    })
  })

  it('are refused outside of one', async () => {
    const error = await many.db.run({ tenant: TENANT_A }, async () => {
      const stream = knex('notes').select().stream()
      return new Promise((resolve) => stream.once('error', resolve))
    })
    expect(error).toBeInstanceOf(NestingError)
  })
})

import { once } from 'node:events'
import pg, { type Pool, type PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NestingError, UnsupportedError } from '../../src/errors/index.ts'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, type Target } from '../support/target.ts'

/** `Query` of pg, of which the types leave out the arguments. */
const Query = pg.Query as unknown as new (
  config: object,
) => pg.Query & { callback?: (error: Error | null, result?: pg.QueryResult) => void }

describe('queries that speak the protocol themselves', () => {
  let target: Target
  let db: Leasehold
  let plain: Pool
  let facade: Pool

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 2 })
    plain = target.pool({ max: 1 })
    db = createLeasehold({ primary: target.poolOptions({ max: 1 }) })
    facade = db.asPool()
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  /** What a query tells its listeners, in a transaction. */
  const told = async (pool: Pool, config: object) => {
    const client = await pool.connect()
    await client.query('begin')
    const query = new Query(config)
    const rows: unknown[] = []
    query.on('row', (row) => void rows.push(row))
    expect(client.query(query)).toBe(query)
    const ended = once(query, 'end').then(
      ([{ command, rowCount, oid, fields }]) => ({ command, rowCount, oid, fields: [...fields] }),
      (error) => ({ code: error.code, position: error.position }),
    )
    const end = await ended
    const behind = await client.query('select 1 as a').then(
      (result) => result.rows,
      (error) => error.code,
    )
    await client.query('rollback')
    client.release()
    return { rows, end, behind }
  }

  it.each([
    ['values', { text: 'select $1::int as a, now() - now() as b', values: [1] }],
    ['no values', { text: `select 'x' as a` }],
    ['rows in portions', { text: 'select generate_series(1, $1::int) as a', values: [7], rows: 3 }],
    ['rows in portions without a rest', { text: 'select generate_series(1, 6) as a', rows: 3 }],
    ['no rows', { text: 'select 1 as a where false', rows: 3 }],
    ['arrays', { text: 'select 1 as a, null as a', rowMode: 'array' }],
    ['a write', { text: `insert into shared_log values ('x'), ('y') returning entry`, values: [] }],
    ['a write without rows', { text: `insert into shared_log values ('x')` }],
    ['an error', { text: 'select 1/0' }],
    ['an error at once', { text: 'select from nothing where $1', values: [1] }],
  ])('are told what pg tells them: %s', async (_, config) => {
    const theirs = await told(plain, config)
    expect(await db.run({ tenant: TENANT_A }, () => told(facade, config))).toEqual(theirs)
  })

  // A client of pg never answers again where this happens.
  it('are told of an error on the way, in portions, and what comes behind is answered', async () => {
    const config = { text: 'select 1 / (5 - i) as a from generate_series(1, 9) as i', rows: 2 }
    expect(await db.run({ tenant: TENANT_A }, () => told(facade, config))).toEqual({
      rows: [{ a: 0 }, { a: 0 }, { a: 0 }, { a: 1 }],
      end: { code: '22012', position: undefined },
      behind: '25P02',
    })
  })

  const refused = (start: (query: pg.Query) => unknown) =>
    new Promise((resolve) => {
      const query = new Query({ text: 'select 1' })
      query.callback = (error) => resolve(error)
      start(query)
    })

  it('are told that they need a transaction, of the pool and of a client', async () => {
    await db.run({ tenant: TENANT_A }, async () => {
      const client = await facade.connect()
      target.proxy.resetCounts()
      expect(await refused((query) => facade.query(query))).toBeInstanceOf(UnsupportedError)
      expect(await refused((query) => client.query(query))).toBeInstanceOf(NestingError)
      expect(target.proxy.counts.roundTrips).toBe(0)
      client.release()
    })
  })

  it.each(['begin', 'commit', 'listen x', 'set search_path to x', 'copy notes to stdout'])(
    'are told that %s is refused, whichever way they send it',
    async (text) => {
      await db.run({ tenant: TENANT_A }, async () => {
        const client = await facade.connect()
        await client.query('begin')
        for (const config of [{ text }, { text, queryMode: 'extended' }, { text, rows: 2 }]) {
          const query = new Query(config)
          const refusal = await new Promise((resolve) => {
            query.callback = (error) => resolve(error)
            client.query(query)
          })
          expect((refusal as Error).name).toMatch(/^(ForbiddenStatementError|UnsupportedError)$/)
        }
        expect((await client.query('select 1 as a')).rows).toEqual([{ a: 1 }])
        await client.query('commit')
        client.release()
      })
    },
  )

  it.each([
    ['at once', {}],
    ['in portions', { rows: 1 }],
  ])('take no lock that would outlive their transaction on its connection: %s', async (_, how) => {
    await db.run({ tenant: TENANT_A }, async () => {
      const client = await facade.connect()
      await client.query('begin')
      const query = new Query({ text: 'select pg_advisory_lock(71)', ...how })
      const failed = once(query, 'end').catch((error: unknown) => error)
      client.query(query)
      expect(await failed).toBeInstanceOf(UnsupportedError)
      await client.query('commit')
      client.release()
    })
    const { rows } = await target.admin.query(`
      select from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`)
    expect(rows).toHaveLength(0)
  })

  it('take a callback as pg gives it', async () => {
    const call = (client: PoolClient) =>
      new Promise((resolve) => {
        const given = (error: Error | null, result?: pg.QueryResult) => resolve([error, result?.rows])
        ;(client.query as (query: object, callback: object) => unknown)(
          new Query({ text: 'select 1 as a' }),
          given,
        )
      })
    await db.run({ tenant: TENANT_A }, async () => {
      const client = await facade.connect()
      await client.query('begin')
      expect(await call(client)).toEqual([null, [{ a: 1 }]])
      client.release()
    })
  })
})

import { AsyncResource } from 'node:async_hooks'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import QueryStream from 'pg-query-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClosedError, NestingError, TenantMismatchError, UnsupportedError } from '../../src/errors/index.ts'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, type Target } from '../support/target.ts'

/** What is called by it is in no scope. */
const outside = new AsyncResource('outside')

describe('cursors and streams on a client of asPool', () => {
  let target: Target
  let db: Leasehold
  let plain: Pool
  let facade: Pool

  beforeAll(async () => {
    target = await openTarget('pgbouncer 1.24', { poolSize: 2 })
    plain = target.pool({ max: 1 })
    db = createLeasehold({ primary: target.poolOptions({ max: 1 }) })
    facade = db.asPool()
    await target.admin.query(`
      create sequence made; grant select, usage on made to app;
      insert into notes (tenant_id, body) select '${TENANT_A}', 'a' || i from generate_series(1, 50) i;
      insert into notes (tenant_id, body) select '${TENANT_B}', 'b' || i from generate_series(1, 50) i`)
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const inTransaction = async <T>(pool: Pool, work: (client: PoolClient) => Promise<T>) => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const value = await work(client)
      await client.query('rollback')
      return value
    } finally {
      client.release()
    }
  }
  const inA = <T>(work: (client: PoolClient) => Promise<T>) =>
    db.run({ tenant: TENANT_A }, () => inTransaction(facade, work))
  const settled = (work: Promise<unknown>) =>
    work.catch((error: { code?: string; message: string }) => ({ code: error.code, message: error.message }))

  it.each([
    ['portions', 'select generate_series(1, $1::int) as a', [7], {}],
    ['portions without a rest', 'select generate_series(1, $1::int) as a', [6], {}],
    ['no rows', 'select $1::int as a where false', [1], {}],
    ['arrays', 'select $1::int, now() - now()', [1], { rowMode: 'array' as const }],
    [
      'types',
      'select $1::int as a',
      [1],
      { types: { getTypeParser: () => (value: string) => `<${value}>` } },
    ],
    ['a failure at once', 'select nothing, $1::int', [1], {}],
    ['a failure on the way', 'select 1 / ($1 - i) as a from generate_series(1, 9) as i', [5], {}],
  ])('reads by a cursor what pg reads: %s', async (_, text, values, config) => {
    const script = async (client: PoolClient) => {
      const cursor = client.query(new Cursor(text, values, config as never))
      const seen: unknown[] = []
      for (let read = 0; read < 4; read += 1) seen.push(await settled(cursor.read(3)))
      // A cursor of pg that failed waits for ever here.
      if (!text.includes('nothing') && !text.includes('/')) await cursor.close()
      seen.push(await settled(client.query('select 1 as a').then(({ rows }) => rows)))
      return seen
    }
    expect(await inA(script)).toEqual(await inTransaction(plain, script))
  })

  it('reads the rows of the tenant, and goes on beside other statements', async () => {
    await inA(async (client) => {
      const cursor = client.query(new Cursor<{ body: string }>('select body from notes order by id'))
      const other = client.query(new Cursor<{ body: string }>('select body from notes order by id desc'))
      const first = await cursor.read(2)
      expect((await client.query('select count(*)::int as n from notes')).rows).toEqual([{ n: 50 }])
      const last = await other.read(1)
      const second = await cursor.read(2)
      expect([...first, ...second, ...last].map(({ body }) => body)).toEqual(['a1', 'a2', 'a3', 'a4', 'a50'])
      await cursor.close()
      await other.close()
      expect((await client.query('select name from pg_cursors where name > $$$$')).rows).toEqual([])
    })
  })

  it('fetches no more than a reader asks for, one round trip each', async () => {
    await inA(async (client) => {
      await client.query('select 1')
      target.proxy.resetCounts()
      const cursor = client.query(new Cursor(`select nextval('made') from generate_series(1, 100000)`))
      await cursor.read(10)
      await cursor.read(10)
      expect(target.proxy.counts.roundTrips).toBe(3)
      await sleep(100)
      expect((await client.query('select last_value::int as n from made')).rows).toEqual([{ n: 20 }])
      await cursor.close()
    })
  })

  it('streams with back-pressure: the server is never ahead of a slow reader by more than its portions', async () => {
    await inA(async (client) => {
      const start = Number((await client.query(`select nextval('made') as n`)).rows[0].n)
      const stream = client.query(
        new QueryStream(`select nextval('made')::int as n from generate_series(1, 100000)`, [], {
          batchSize: 16,
        }),
      )
      let read = 0
      for await (const row of stream) {
        read += 1
        expect(row).toEqual({ n: start + read })
        if (read % 20 === 0) {
          await sleep(10)
          const { rows } = await client.query('select last_value::int as n from made')
          // One portion that is read from, and one that is asked for before it is used up.
          expect(rows[0].n - start).toBeLessThanOrEqual(read + 2 * 16)
        }
        if (read === 200) break
      }
      expect((await client.query('select name from pg_cursors where name > $$$$')).rows).toEqual([])
    })
  })

  it('streams all rows, and ends', async () => {
    await inA(async (client) => {
      const bodies: string[] = []
      const stream = client.query(new QueryStream('select body from notes order by id', [], { batchSize: 8 }))
      for await (const { body } of stream) bodies.push(body)
      expect(bodies).toEqual(Array.from({ length: 50 }, (_, index) => `a${index + 1}`))
    })
  })

  it('fails where the transaction is over, is none, or is another tenant’s', async () => {
    const cursor = await inA(async (client) => {
      const open = client.query(new Cursor('select generate_series(1, 10)'))
      await open.read(1)
      return open
    })
    target.proxy.resetCounts()
    await expect(cursor.read(1)).rejects.toThrow(ClosedError)
    const stream = facade.query(new QueryStream('select 1'))
    expect((await once(stream.resume(), 'error'))[0]).toBeInstanceOf(UnsupportedError)
    await db.run({ tenant: TENANT_A }, async () => {
      const client = await facade.connect()
      await expect(client.query(new Cursor('select 1')).read(1)).rejects.toThrow(NestingError)
      client.release()
    })
    expect(target.proxy.counts.roundTrips).toBe(0)
    await inA(async (client) => {
      const mine = client.query(new Cursor('select generate_series(1, 10)'))
      await mine.read(1)
      const byOther = outside.runInAsyncScope(() => db.run({ tenant: TENANT_B }, () => mine.read(1)))
      await expect(byOther).rejects.toThrow(TenantMismatchError)
    })
  })

  it('can be closed where it failed, and the transaction says why it takes nothing more', async () => {
    await inA(async (client) => {
      const cursor = client.query(new Cursor('select 1 / 0'))
      await expect(cursor.read(1)).rejects.toMatchObject({ code: '22012' })
      await cursor.close()
      await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
    })
  })

  it('is refused for a write, which PostgreSQL declares no cursor for', async () => {
    await inA(async (client) => {
      const cursor = client.query(new Cursor(`insert into shared_log values ('x') returning entry`))
      await expect(cursor.read(1)).rejects.toThrow(UnsupportedError)
    })
  })
})

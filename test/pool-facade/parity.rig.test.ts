import pg, { type Pool, type PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, type Target } from '../support/target.ts'

type Call = (queryable: Pool | PoolClient) => Promise<unknown>

const values = (oid: number) => (value: string) => `${oid}:${value}`
const types = { getTypeParser: values } as unknown as pg.CustomTypesConfig

/** A call by callback, with the number of its arguments: pg leaves out the result where there is an error. */
const called = (start: (callback: (...given: unknown[]) => void) => unknown) =>
  new Promise((resolve) => {
    const returned = start((...given) =>
      resolve({ returned, given: given.map((value) => value ?? null).map(outcome) }),
    )
  })

/** Until pg knows the state of its transaction: it rejects at the error, and is told the state by the ReadyForQuery behind it. */
const ready = (client: PoolClient) =>
  vi.waitUntil(() => (client as { readyForQuery?: boolean }).readyForQuery !== false)

const CALLS: readonly (readonly [string, Call])[] = [
  ['a text', (q) => q.query('select 1 as one, $$x$$ as two')],
  [
    'a text with values',
    (q) => q.query('select $1::int as a, $2::text[] as b, $3::jsonb as c', [1, ['x'], { y: 2 }]),
  ],
  [
    'null and undefined among values',
    (q) => q.query('select $1::text as a, $2::text as b', [null, undefined]),
  ],
  [
    'values of a date, a buffer and a big integer',
    (q) =>
      q.query('select $1::timestamptz as a, $2::bytea as b, $3::bigint as c', [
        new Date(0),
        Buffer.from('x'),
        12n,
      ]),
  ],
  ['a config', (q) => q.query({ text: 'select $1::int as a', values: [1] })],
  ['a config, and values beside it', (q) => q.query({ text: 'select $1::int as a' }, [2])],
  ['a named config', (q) => q.query({ name: 'one', text: 'select $1::int as a', values: [3] })],
  ['rows as arrays', (q) => q.query({ text: 'select 1 as a, 2 as a', rowMode: 'array' })],
  ['types of its own', (q) => q.query({ text: `select 1 as a, now() - now() as b, null as c`, types })],
  [
    'every builtin type',
    (q) =>
      q.query(`select true as a, 1::int2 as b, 2::int8 as c, 1.5::float4 as d, 1.10::numeric as e, 'x'::bytea as f,
      '2026-01-02'::date as g, '2026-01-02 03:04:05.678+09'::timestamptz as h, '2026-01-02 03:04:05'::timestamp as i,
      '1 day 2 hours'::interval as j, '{1,2}'::int[] as k, '{"a":1}'::json as l, '(1,2)'::point as m,
      'aaaaaaaa-0000-4000-8000-000000000001'::uuid as n, '{a,NULL}'::text[] as o, '[1,3)'::int4range as p`),
  ],
  ['two columns of one name', (q) => q.query('select 1 as a, 2 as a')],
  ['no columns', (q) => q.query('select from generate_series(1, 3)')],
  ['no rows', (q) => q.query('select 1 as a where false')],
  ['an empty text', (q) => q.query('')],
  ['a comment', (q) => q.query('-- nothing')],
  ['a trailing semicolon', (q) => q.query('select 1 as a;')],
  ['an insert', (q) => q.query(`insert into shared_log values ('a'), ('b')`)],
  [
    'an insert with returning',
    (q) => q.query(`insert into shared_log values ('a') returning entry, xmin is null as x`),
  ],
  ['an update', (q) => q.query(`update shared_log set entry = 'c' where entry > 'x'`)],
  ['a delete', (q) => q.query('delete from shared_log')],
  ['explain', (q) => q.query('explain (costs off) select 1')],
  ['show', (q) => q.query('show server_version')],
  ['a syntax error', (q) => q.query('select (')],
  ['a syntax error further on', (q) => q.query('select 1 from from')],
  ['an unknown table', (q) => q.query('select * from nothing')],
  ['an unknown column', (q) => q.query('select nothing from shared_log')],
  ['a division by zero', (q) => q.query('select 1 / $1::int', [0])],
  ['a value of the wrong form', (q) => q.query('select $1::int', ['x'])],
  ['a unique violation', (q) => q.query('insert into parents values (1), (1)')],
  ['a violation that only the commit finds', (q) => q.query('insert into children values (7)')],
  ['a missing value', (q) => q.query('select $1::int, $2::int', [1])],
  ['a callback', (q) => called((callback) => (q as Pool).query('select 1 as a', callback as never))],
  [
    'values and a callback',
    (q) => called((callback) => (q as Pool).query('select $1::int as a', [1], callback as never)),
  ],
  [
    'a config and a callback',
    (q) =>
      called((callback) =>
        (q as Pool).query({ text: 'select $1::int as a', values: [1] }, callback as never),
      ),
  ],
  [
    'a config that holds the callback',
    (q) => called((callback) => q.query({ text: 'select 1 as a', callback } as never)),
  ],
  [
    'a callback that is given an error',
    (q) => called((callback) => (q as Pool).query('select 1/0', callback as never)),
  ],
  [
    'a type parser that throws',
    (q) =>
      q.query({
        text: 'select 1 as a',
        types: {
          getTypeParser: () => () => {
            throw new RangeError('no')
          },
        } as never,
      }),
  ],
]

/**
 * What a caller sees of a result or an error, but for the place in the server's source: pg sends a text without values by the simple
 * protocol, and the library every text by the extended one, under names of its own.
 */
function outcome(value: unknown): unknown {
  if (value instanceof Error) {
    const { file, line, routine, length, ...told } = value as pg.DatabaseError
    const message = value.message.replace(/"lsh_[^"]*"/, '""')
    return { isDatabaseError: value instanceof pg.DatabaseError, ...told, name: value.name, message }
  }
  if (typeof value !== 'object' || value === null || !('rows' in value)) return value
  const { command, rowCount, oid, rows, fields } = value as pg.QueryResult
  return { command, rowCount, oid, rows, fields: fields.map((field) => ({ ...field })) }
}

describe('asPool beside a pool of pg', () => {
  let target: Target
  let db: Leasehold
  let plain: Pool
  let facade: Pool

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 2 })
    plain = target.pool({ max: 1, options: `-c app.tenant_id=${TENANT_A}` })
    db = createLeasehold({ primary: target.poolOptions({ max: 1 }) })
    facade = db.asPool()
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const refill = () =>
    target.admin.query(
      `truncate shared_log, parents, children; insert into shared_log values ('x'), ('y'), ('z')`,
    )
  const settled = (call: Promise<unknown>) => call.then(outcome, (error) => ({ rejected: outcome(error) }))
  const ofFacade = (call: () => Promise<unknown>) => db.run({ tenant: TENANT_A }, () => settled(call()))

  // A pool of pg never calls a callback that it finds in the object; a client of pg does.
  it.each(CALLS.filter(([name]) => name !== 'a config that holds the callback'))(
    'answers the pool as pg does: %s',
    async (name, call) => {
      await refill()
      const theirs = await settled(call(plain))
      await refill()
      const ours = await ofFacade(() => call(facade))
      if (name === 'a type parser that throws') {
        expect(theirs).toMatchObject({ rejected: { name: 'RangeError' } })
        expect(ours).toMatchObject({ rejected: { name: 'ResultUnreadableError' } })
      } else expect(ours).toEqual(theirs)
    },
  )

  it.each(CALLS.filter(([name]) => name !== 'a type parser that throws'))(
    'answers a client as pg does: %s',
    async (_, call) => {
      await refill()
      const their = await plain.connect()
      const theirs = await settled(call(their)).finally(() => their.release())
      await refill()
      const ours = await ofFacade(async () => {
        const our = await facade.connect()
        return call(our).finally(() => our.release())
      })
      expect(ours).toEqual(theirs)
    },
  )

  it.each(CALLS.filter(([name]) => !/commit finds|parser that throws/.test(name)))(
    'answers a transaction as pg does, and what comes behind it: %s',
    async (_, call) => {
      const script = async (client: PoolClient) => {
        const seen: unknown[] = [await settled(client.query('begin'))]
        seen.push(client.getTransactionStatus())
        seen.push(await settled(call(client)))
        await ready(client)
        seen.push(client.getTransactionStatus())
        seen.push(await settled(client.query('select 2 as b')))
        seen.push(await settled(client.query('rollback')))
        seen.push(client.getTransactionStatus())
        client.release()
        return seen
      }
      const theirs = await plain.connect().then(script)
      const ours = await db.run({ tenant: TENANT_A }, () => facade.connect().then(script))
      expect(ours).toEqual(theirs)
    },
  )

  it('answers the calls of a client in their order, whether by callback or promise', async () => {
    const order = async (pool: Pool) => {
      const client = await pool.connect()
      const seen: unknown[] = []
      const note = (what: unknown) => () => void seen.push(what)
      void client.query('select pg_sleep(0.05)', note('first'))
      const second = client.query('select 1/0').catch(note('second'))
      void client.query('select 1', note('third'))
      const last = client.query('select 2').then(note('fourth'))
      seen.push('issued')
      await Promise.all([second, last])
      client.release()
      return seen
    }
    const theirs = await order(plain)
    expect(theirs).toEqual(['issued', 'first', 'second', 'third', 'fourth'])
    expect(await db.run({ tenant: TENANT_A }, () => order(facade))).toEqual(theirs)
  })

  it('gives connect by callback what pg gives, and takes a second release as badly', async () => {
    const connect = (pool: Pool) =>
      new Promise((resolve) => {
        pool.connect((error, client, release) => {
          release()
          const again = () => client?.release()
          expect(again).toThrow('Release called on client which has already been released to the pool.')
          resolve([error, typeof client?.query, typeof release])
        })
      })
    const theirs = await connect(plain)
    expect(await db.run({ tenant: TENANT_A }, () => connect(facade))).toEqual(theirs)
  })

  it('is a pool of pg to those who ask, and makes no connection of its own', async () => {
    expect(facade).toBeInstanceOf(pg.Pool)
    expect(facade.options.max).toBe(1)
    expect([facade.ended, facade.ending, facade.idleCount, facade.totalCount, facade.waitingCount]).toEqual([
      false,
      false,
      1,
      1,
      0,
    ])
    const internals = facade as unknown as { newClient(item: object): void }
    expect(() => internals.newClient({ callback: () => {} })).toThrow('not supported')
  })

  it('tells listeners of the clients that come and go', async () => {
    const pool = db.asPool<Pool>()
    const seen: unknown[] = []
    for (const event of ['connect', 'acquire', 'remove'] as const) pool.on(event, () => void seen.push(event))
    pool.on('release', (error) => void seen.push(['release', error]))
    await db.run({ tenant: TENANT_A }, async () => {
      const client = await pool.connect()
      client.release(new Error('gone'))
    })
    expect(seen).toEqual(['connect', 'acquire', ['release', new Error('gone')], 'remove'])
  })

  it('takes no calls after end, while the database and other pools go on', async () => {
    const pool = db.asPool<Pool>()
    await pool.end()
    expect(pool.ended).toBe(true)
    await db.run({ tenant: TENANT_A }, async () => {
      await expect(pool.query('select 1')).rejects.toThrow('Cannot use a pool after calling end on the pool')
      await expect(pool.connect()).rejects.toThrow('Cannot use a pool after calling end on the pool')
      await expect(pool.end()).rejects.toThrow('Called end on pool more than once')
      expect((await facade.query('select 1 as a')).rows).toEqual([{ a: 1 }])
    })
  })
})

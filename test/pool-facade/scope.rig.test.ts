import type { Pool, PoolClient } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  NestingError,
  ScopeRequiredError,
  TenantMismatchError,
  WriteInReadError,
} from '../../src/errors/index.ts'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, type Target } from '../support/target.ts'

describe('the tenant of asPool', () => {
  let target: Target
  let db: Leasehold
  let pool: Pool

  beforeAll(async () => {
    target = await openTarget('pgbouncer 1.24', { poolSize: 1 })
    db = createLeasehold({ primary: target.poolOptions({ max: 2 }), settings: ['app.user_id'] })
    pool = db.asPool()
  })

  afterEach(async () => {
    await target.admin.query('truncate notes')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const inA = <T>(work: () => Promise<T>) => db.run({ tenant: TENANT_A }, work)
  const inB = <T>(work: () => Promise<T>) => db.run({ tenant: TENANT_B }, work)
  const clientOfA = () => inA(() => pool.connect())

  it('is that of the scope of each call, and no other sees its rows', async () => {
    const write = () => pool.query('insert into notes (body) values ($1)', ['x'])
    await Promise.all([inA(write), inB(write), inA(write)])
    const read = () => pool.query('select distinct tenant_id from notes')
    expect((await inA(read)).rows).toEqual([{ tenant_id: TENANT_A }])
    expect((await inB(read)).rows).toEqual([{ tenant_id: TENANT_B }])
  })

  it('is required of every call, by promise and by callback, and nothing is sent without', async () => {
    const client = await clientOfA()
    target.proxy.resetCounts()
    await expect(pool.query('select 1')).rejects.toThrow(ScopeRequiredError)
    await expect(pool.connect()).rejects.toThrow(ScopeRequiredError)
    for (const text of ['select 1', 'begin'])
      await expect(client.query(text)).rejects.toThrow(ScopeRequiredError)
    const byCallback = await new Promise((resolve) => pool.query('select 1', (error) => resolve(error)))
    expect(byCallback).toBeInstanceOf(ScopeRequiredError)
    const connected = await new Promise((resolve) => pool.connect((error, none) => resolve([error, none])))
    expect(connected).toEqual([expect.any(ScopeRequiredError), undefined])
    expect(target.proxy.counts.roundTrips).toBe(0)
    client.release()
  })

  it('is the one that a client was connected for, with or without a transaction', async () => {
    const refuse = async (client: PoolClient, ...texts: string[]) => {
      target.proxy.resetCounts()
      for (const text of texts) {
        await expect(inB(() => client.query(text))).rejects.toThrow(TenantMismatchError)
      }
      expect(target.proxy.counts.roundTrips).toBe(0)
    }
    const client = await clientOfA()
    await refuse(client, 'select 1', 'begin')
    await inA(async () => {
      await client.query('begin')
      await client.query(`insert into notes (body) values ('x')`)
    })
    await refuse(client, 'select 1', 'commit', 'rollback', 'savepoint s')
    await inA(() => client.query('commit'))
    client.release()
    expect((await target.admin.query('select tenant_id from notes')).rows).toEqual([{ tenant_id: TENANT_A }])
  })

  it('has the settings of the scope', async () => {
    const scope = { tenant: TENANT_A, settings: { 'app.user_id': 'u1' } }
    const text = `select current_setting('app.user_id') as id`
    await db.run(scope, async () => {
      expect((await pool.query(text)).rows).toEqual([{ id: 'u1' }])
      const client = await pool.connect()
      await client.query('begin')
      expect((await client.query(text)).rows).toEqual([{ id: 'u1' }])
      await client.query('commit')
      client.release()
    })
  })

  it('refuses what another user of the tenant gives to a transaction, until it has ended', async () => {
    const as = <T>(user: string, work: () => Promise<T>) =>
      db.run({ tenant: TENANT_A, settings: { 'app.user_id': user } }, work)
    const who = `select current_setting('app.user_id') as id`
    const client = await as('u1', () => pool.connect())
    const of = (user: string, text: string) => as(user, async () => (await client.query(text)).rows)

    await of('u1', 'begin')
    await expect(of('u2', who)).rejects.toThrow(NestingError)
    expect(await of('u1', who)).toEqual([{ id: 'u1' }])
    target.proxy.resetCounts()
    for (const text of [who, 'savepoint s', 'release s', 'rollback to s']) {
      await expect(of('u2', text)).rejects.toThrow(NestingError)
    }
    expect(target.proxy.counts.roundTrips).toBe(0)
    expect(await of('u1', who)).toEqual([{ id: 'u1' }])
    await of('u2', 'rollback')
    expect(await of('u2', who)).toEqual([{ id: 'u2' }])
    client.release()
  })

  it('reads only in the scope of a request that reads, and names the request to whom it refuses', async () => {
    const insert = `insert into notes (body) values ('x')`
    await db.run({ tenant: TENANT_A, method: 'GET', httpRoute: '/notes' }, async () => {
      await expect(pool.query(insert)).rejects.toThrow(WriteInReadError)
      const client = await pool.connect()
      await expect(client.query('begin read write')).rejects.toThrow(NestingError)
      for (const begin of ['begin', 'begin isolation level repeatable read']) {
        await client.query(begin)
        await client.query('select 1')
        await expect(client.query(insert)).rejects.toThrow('GET /notes')
        await client.query('rollback')
      }
      client.release()
    })
    await db.run({ tenant: TENANT_A, method: 'POST' }, () => pool.query(insert))
    expect((await target.admin.query('select body from notes')).rows).toHaveLength(1)
  })

  it('runs statements of the pool beside a transaction of the same scope, as current() does', async () => {
    const direct = await openTarget('direct', { poolSize: 2 })
    const other = createLeasehold({ primary: direct.poolOptions({ max: 2 }) })
    const facade = other.asPool<Pool>()
    const count = 'select count(*)::int as n from notes'
    await other.run({ tenant: TENANT_A }, () =>
      other.withTenant(TENANT_A, async (tx) => {
        await tx.query(`insert into notes (body) values ('x')`)
        expect((await other.current().query(count)).rows).toEqual([{ n: 0 }])
        expect((await facade.query(count)).rows).toEqual([{ n: 0 }])
      }),
    )
    await other.close()
    await direct.close()
  })
})

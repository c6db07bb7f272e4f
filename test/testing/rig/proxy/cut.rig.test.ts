import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Cut, startToxicProxy, type ToxicProxy } from '../../../../src/testing/rig/proxy/index.ts'
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts'

let postgres: OwnPostgres
let direct: Client
let proxy: ToxicProxy

beforeAll(async () => {
  postgres = await startOwnPostgres()
  direct = new Client({ host: '127.0.0.1', port: postgres.port, user: 'postgres', database: 'postgres' })
  await direct.connect()
  await direct.query('create table written (id int primary key)')
}, 60_000)
afterAll(async () => {
  await direct.end()
  await postgres[Symbol.asyncDispose]()
})
beforeEach(async () => {
  proxy = await startToxicProxy({ target: { host: '127.0.0.1', port: postgres.port } })
})
afterEach(async () => {
  await proxy.close()
})

async function connect(): Promise<Client> {
  const client = new Client({ host: proxy.host, port: proxy.port, user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  return client
}

let lastId = 0

/** One transaction on a connection of its own: what its caller saw. */
async function write(): Promise<{ id: number; saw: 'success' | 'failure' }> {
  lastId += 1
  const id = lastId
  const client = await connect()
  try {
    await client.query('begin')
    await client.query('insert into written values ($1)', [id])
    await client.query('commit')
    return { id, saw: 'success' }
  } catch {
    return { id, saw: 'failure' }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Whether the row is there once no other backend is at work. */
async function committed(id: number): Promise<boolean> {
  const others = `select count(*)::int as n from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()`
  await expect.poll(async () => (await direct.query(others)).rows[0], { timeout: 5_000 }).toEqual({ n: 0 })
  return (await direct.query('select from written where id = $1', [id])).rowCount === 1
}

// client: Query begin, Parse, Bind, Describe, Execute, Sync, Query commit
// server: C Z | 1 2 n C Z | C Z
const COMMIT_QUERY = 6
const COMMIT_TAG = 7
const COMMIT_READY = 8

describe('cutting a transaction at one message', () => {
  it('finds the messages where this file expects them', async () => {
    const seen: string[] = []
    proxy.onMessage(({ direction, type, startup, index }) => {
      if (!startup) seen.push(`${direction} ${index} ${type}`)
    })
    await write()
    const of = (direction: string): string =>
      seen.flatMap((line) => (line.startsWith(direction) ? (line.split(' ')[2] ?? '') : [])).join('')
    expect([of('client'), of('server')]).toEqual(['QPBDESQX', 'CZ12nCZCZ'])
  })

  it.each(['before', 'after'] as const)(
    '%s each client message: only a COMMIT that passed commits',
    async (when) => {
      for (let message = 0; message <= COMMIT_QUERY; message += 1) {
        const report = proxy.cutAt({ direction: 'client', message, when })
        const { id, saw } = await write()
        const passed = when === 'after' && message === COMMIT_QUERY
        expect({ message, saw, committed: await committed(id) }).toEqual({
          message,
          saw: 'failure',
          committed: passed,
        })
        expect(await report).toMatchObject({ direction: 'client', index: message, how: 'reset' })
      }
    },
  )

  it.each(['before', 'after'] as const)(
    "%s each server message: from COMMIT's answer on the write is there though the caller saw a reset",
    async (when) => {
      for (let message = 0; message <= COMMIT_READY; message += 1) {
        const report = proxy.cutAt({ direction: 'server', message, when })
        const { id, saw } = await write()
        const expected = {
          message,
          saw: when === 'after' && message === COMMIT_READY ? 'success' : 'failure',
          committed: message >= COMMIT_TAG,
        }
        expect({ message, saw, committed: await committed(id) }).toEqual(expected)
        expect(await report).toMatchObject({ direction: 'server', index: message, how: 'reset' })
      }
    },
  )

  it('counts from its arming when asked to, and by type', async () => {
    const client = await connect()
    await client.query('select 1')
    const report = proxy.cutAt({ direction: 'server', type: 'C', message: 1, when: 'before', since: 'armed' })
    await client.query('select 2')
    await expect(client.query('select 3')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await report).toMatchObject({ name: 'CommandComplete', typeIndex: 2, forwardedBytes: 0 })
  })

  it('can be armed by an observer: the reply of whatever says COMMIT is cut', async () => {
    let report: Promise<unknown> | undefined
    proxy.onMessage(({ type, bytes }) => {
      if (type !== 'Q' || !bytes.includes('commit')) return
      report = proxy.cutAt({ direction: 'server', type: 'C', message: 0, when: 'before', since: 'armed' })
    })
    const { id, saw } = await write()
    expect([saw, await committed(id)]).toEqual(['failure', true])
    expect(await report).toMatchObject({ index: COMMIT_TAG, name: 'CommandComplete' })
  })

  it('cuts behind what latency still holds back', async () => {
    proxy.latency(15)
    const report = proxy.cutAt({ direction: 'server', message: COMMIT_READY, when: 'after' })
    const { id, saw } = await write()
    expect([saw, await committed(id)]).toEqual(['success', true])
    expect(await report).toMatchObject({ index: COMMIT_READY, forwardedBytes: 6 })
  })

  it('cuts only the connection it was told to, and only once', async () => {
    const [first, second] = [await connect(), await connect()]
    const report = proxy.cutAt({ direction: 'client', message: 0, when: 'before', connection: 1 })
    await first.query('select 1')
    await expect(second.query('select 1')).rejects.toThrow()
    expect(await report).toMatchObject({ connection: 1, index: 0 })
    await (await connect()).query('select 1')
    expect(proxy.connections).toBe(2)
  })

  it('tears a message: the server drops what is not whole, and the client keeps waiting for the rest', async () => {
    const torn = proxy.cutAt({ direction: 'client', message: COMMIT_QUERY, when: 'after', bytes: 9 })
    const { id, saw } = await write()
    expect([saw, await committed(id)]).toEqual(['failure', false])
    expect(await torn).toMatchObject({ length: 12, forwardedBytes: 9 })

    const client = await connect()
    const cut: Cut = { direction: 'server', message: 1, when: 'after', bytes: 8, how: 'black-hole' }
    const report = proxy.cutAt(cut)
    const hung = client.query('select 1').catch(() => 'failed')
    expect(await report).toMatchObject({ name: 'DataRow', forwardedBytes: 8 })
    expect(await Promise.race([hung, soon(100)])).toBe('nothing')
    expect(await (await connect()).query('select 1')).toMatchObject({ rowCount: 1 })
    proxy.resetAll()
    expect(await hung).toBe('failed')
  })

  it('closes in order when told to, and ends its own black hole with the others', async () => {
    const closed = await connect()
    const close = proxy.cutAt({
      direction: 'server',
      message: 0,
      when: 'before',
      how: 'close',
      connection: 0,
    })
    await expect(closed.query('select 1')).rejects.toThrow('Connection terminated unexpectedly')
    expect(await close).toMatchObject({ how: 'close' })
    await expect.poll(() => proxy.connections).toBe(0)

    const holed = await connect()
    const hole = proxy.cutAt({ direction: 'server', message: 0, when: 'before', how: 'black-hole' })
    void holed.query('select 1').catch(() => {})
    await hole
    void holed.end().catch(() => {})
    expect([await soon(100), proxy.connections]).toEqual(['nothing', 1])
    proxy.blackHole(false)
    await expect.poll(() => proxy.connections).toBe(0)
  })
})

function soon(ms: number): Promise<'nothing'> {
  return new Promise((resolve) => setTimeout(resolve, ms, 'nothing'))
}

import { createConnection } from 'node:net'
import { Client, DatabaseError } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type SeenMessage,
  startToxicProxy,
  type ToxicProxy,
} from '../../../../src/testing/rig/proxy/index.ts'
import { untyped } from './frames.ts'
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts'

let postgres: OwnPostgres
let proxy: ToxicProxy
const clients: Client[] = []

beforeAll(async () => {
  postgres = await startOwnPostgres()
}, 60_000)
afterAll(async () => {
  await postgres[Symbol.asyncDispose]()
})
beforeEach(async () => {
  proxy = await startToxicProxy({ target: { host: '127.0.0.1', port: postgres.port } })
})
afterEach(async () => {
  await proxy.close()
  clients.length = 0
})

async function connect(options: { pipeline?: boolean; ssl?: boolean; port?: number } = {}): Promise<Client> {
  const at = { host: proxy.host, port: proxy.port, user: 'postgres', database: 'postgres' }
  const client = new Client({ ...at, connectionTimeoutMillis: 2_000, ...options })
  client.on('error', () => {})
  clients.push(client)
  await client.connect()
  return client
}

/** A client and what sends a CancelRequest for it through the proxy. */
async function connectCancelable(): Promise<{ client: Client; cancel: () => void }> {
  let key = Buffer.alloc(0)
  const stop = proxy.onMessage((message) => {
    if (message.name === 'BackendKeyData') key = Buffer.from(message.bytes.subarray(5))
  })
  const client = await connect()
  stop()
  const cancel = (): void => {
    const socket = createConnection(proxy.port, proxy.host).on('error', () => {})
    socket.resume().write(untyped(80_877_102, key))
  }
  return { client, cancel }
}

const soon = (ms: number): Promise<'nothing'> => new Promise((resolve) => setTimeout(resolve, ms, 'nothing'))

describe('toxic proxy before a PostgreSQL server', () => {
  it('counts no round trip for start-up and Terminate', async () => {
    const client = await connect()
    await client.end()
    const { connections, roundTrips, clientFlushes, messages, bytes } = proxy.counts
    expect({ connections, roundTrips, clientFlushes, messages }).toEqual({
      connections: 1,
      roundTrips: 0,
      clientFlushes: 0,
      messages: { client: { X: 1 }, server: {} },
    })
    expect(bytes.client).toBeGreaterThan(0)
    expect(bytes.server).toBeGreaterThan(0)
  })

  it('counts a simple query as one round trip, and an extended one too', async () => {
    const client = await connect()
    await client.query('select 1')
    expect(proxy.counts).toMatchObject({ roundTrips: 1, clientFlushes: 1 })
    await client.query('select $1::int', [1])
    expect(proxy.counts).toMatchObject({
      roundTrips: 2,
      clientFlushes: 2,
      messages: {
        client: { Q: 1, P: 1, B: 1, D: 1, E: 1, S: 1 },
        server: { Z: 2, C: 2, D: 2, T: 2, '1': 1, '2': 1 },
      },
    })
  })

  it('counts three awaited statements as three round trips, whatever the latency and the size of the answer', async () => {
    const client = await connect()
    for (const ms of [0, 5]) {
      proxy.latency(ms)
      proxy.resetCounts()
      await client.query('begin')
      await client.query("select repeat('x', 100) from generate_series(1, 20000)")
      await client.query('commit')
      expect(proxy.counts).toMatchObject({ roundTrips: 3, clientFlushes: 3 })
    }
  })

  it('counts four pipelined statements as one round trip under latency, and as one to four without', async () => {
    const client = await connect({ pipeline: true })
    proxy.latency(10)
    const four = (): Promise<unknown> =>
      Promise.all(['begin', 'select 1', 'select 2', 'commit'].map((text) => client.query(text)))
    await four()
    expect(proxy.counts).toMatchObject({ roundTrips: 1, clientFlushes: 1, messages: { client: { Q: 4 } } })
    proxy.latency(0)
    proxy.resetCounts()
    await four()
    expect(proxy.counts.roundTrips).toBeGreaterThanOrEqual(1)
    expect(proxy.counts.roundTrips).toBeLessThanOrEqual(4)
  })

  it('counts each connection and all together', async () => {
    const [first, second] = [await connect(), await connect()]
    await first.query('select 1')
    await second.query('select 1')
    await second.query('select 1')
    await first.end()
    const { perConnection, roundTrips } = proxy.counts
    expect([perConnection[0]?.roundTrips, perConnection[1]?.roundTrips, roundTrips]).toEqual([1, 2, 3])
  })

  it('does not take a notification for an answer', async () => {
    const [listener, notifier] = [await connect(), await connect({ port: postgres.port })]
    await listener.query('listen news')
    const heard = new Promise((resolve) => listener.once('notification', resolve))
    proxy.resetCounts()
    await notifier.query('notify news')
    await heard
    expect(proxy.counts).toMatchObject({ roundTrips: 0, messages: { server: { A: 1 } } })
    await notifier.end()
  })

  it('delays each way by what it was told', async () => {
    const client = await connect()
    const timed = async (): Promise<number> => {
      const start = performance.now()
      await client.query('select 1')
      return performance.now() - start
    }
    proxy.latency(20)
    expect(await timed()).toBeGreaterThanOrEqual(40)
    proxy.latency({ downMs: 30 })
    const oneWay = await timed()
    expect(oneWay).toBeGreaterThanOrEqual(30)
    expect(oneWay).toBeLessThan(60)
    proxy.latency(0)
    expect(await timed()).toBeLessThan(20)
  })

  it('delays without serialising: fifty pipelined queries take about one round trip', async () => {
    const client = await connect({ pipeline: true })
    proxy.latency(40)
    const start = performance.now()
    await Promise.all(Array.from({ length: 50 }, () => client.query('select 1')))
    const elapsed = performance.now() - start
    expect(elapsed).toBeGreaterThanOrEqual(80)
    expect(elapsed).toBeLessThan(400)
  })

  it('hangs a client in a black hole, in both directions and for new connections, and lets new ones work afterwards', async () => {
    const client = await connect()
    proxy.blackHole(true)
    const hung = client.query('select 1').catch(() => 'failed')
    const refused = connect({}).then(
      () => 'connected',
      () => 'failed',
    )
    expect(await Promise.race([hung, refused, soon(300)])).toBe('nothing')
    expect(proxy.connections).toBe(2)
    proxy.blackHole(false)
    const fresh = await connect()
    expect((await fresh.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    // What was swallowed is lost: the old connection stays silent.
    expect(await Promise.race([hung, soon(100)])).toBe('nothing')
    expect(proxy.resetAll()).toBe(3)
    expect([await hung, await refused]).toEqual(['failed', 'failed'])
  })

  it('shows a one-way black hole: the statement runs though its answer is lost', async () => {
    const client = await connect()
    await client.query('create table hole (id int)')
    proxy.blackHole('down')
    const hung = client.query('insert into hole values (1)').catch(() => 'failed')
    expect(await Promise.race([hung, soon(200)])).toBe('nothing')
    const direct = await connect({ port: postgres.port })
    expect((await direct.query('select id from hole')).rows).toEqual([{ id: 1 }])
    await direct.query('drop table hole')
    await direct.end()
  })

  it("hides a client's end in a black hole: its transaction stays open on the server until the hole ends", async () => {
    const client = await connect()
    await client.query('begin')
    const pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid
    const direct = await connect({ port: postgres.port })
    const state = async (): Promise<unknown> =>
      (await direct.query('select state from pg_stat_activity where pid = $1', [pid])).rows[0]
    proxy.blackHole(true)
    void client.end().catch(() => {})
    await soon(150)
    expect(await state()).toEqual({ state: 'idle in transaction' })
    proxy.blackHole(false)
    await expect.poll(state, { timeout: 2_000 }).toBeUndefined()
    expect(proxy.connections).toBe(0)
    await direct.end()
  })

  it('resets every live connection', async () => {
    const all = [await connect(), await connect()]
    const failures = all.map((client) => client.query('select pg_sleep(10)').catch((error: Error) => error))
    await soon(50)
    expect(proxy.resetAll()).toBe(2)
    for (const failure of await Promise.all(failures)) expect(failure).toMatchObject({ code: 'ECONNRESET' })
    await expect.poll(() => proxy.connections).toBe(0)
  })

  it('refuses new connections only, and only while told to', async () => {
    const client = await connect()
    proxy.refuse(true)
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    proxy.refuse(false)
    await connect()
    expect(proxy.counts).toMatchObject({ connections: 2, refused: 1 })
  })

  it('passes and counts a cancel request', async () => {
    const names: (string | undefined)[] = []
    proxy.onMessage((message) => names.push(message.name))
    const { client, cancel } = await connectCancelable()
    const slow = client.query('select pg_sleep(10)').catch((error: unknown) => error)
    await soon(50)
    cancel()
    const error = await slow
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error).toMatchObject({ code: '57014' })
    expect(names).toContain('CancelRequest')
    expect(proxy.counts).toMatchObject({ connections: 2, cancelRequests: 1, roundTrips: 1 })
  })

  it('can deliver a cancel request late, when another query runs', async () => {
    const { client, cancel } = await connectCancelable()
    let deliver = (): boolean => false
    proxy.tamper('client', (message, { name, inject }) => {
      if (name !== 'CancelRequest') return message
      deliver = () => inject(message)
      return null
    })
    const first = client.query('select pg_sleep(0.2), 1 as one')
    cancel()
    expect((await first).rows).toMatchObject([{ one: 1 }])
    const victim = client.query('select pg_sleep(10)').catch((error: unknown) => error)
    await soon(50)
    expect(deliver()).toBe(true)
    expect(await victim).toMatchObject({ code: '57014' })
  })

  it('frames a refused request for encryption', async () => {
    const seen: string[] = []
    proxy.onMessage(({ direction, name, startup }) => {
      if (startup) seen.push(`${direction} ${name}`)
    })
    await expect(connect({ ssl: true })).rejects.toThrow('does not support SSL')
    expect(seen).toEqual(['client SSLRequest', 'server EncryptionRefused'])
  })

  it('shows each message as it is on the wire, with its place in the conversation', async () => {
    const client = await connect()
    const seen: SeenMessage[] = []
    const stop = proxy.onMessage((message) => seen.push(message))
    await client.query('select $1::int as id', [5])
    stop()
    await client.query('select 1')
    const lines = seen.map(
      ({ direction, name, index, typeIndex }) => `${direction} ${name} ${index} ${typeIndex}`,
    )
    expect(lines).toEqual([
      'client Parse 0 0',
      'client Bind 1 0',
      'client Describe 2 0',
      'client Execute 3 0',
      'client Sync 4 0',
      'server ParseComplete 0 0',
      'server BindComplete 1 0',
      'server RowDescription 2 0',
      'server DataRow 3 0',
      'server CommandComplete 4 0',
      'server ReadyForQuery 5 0',
    ])
    expect(seen[0]?.bytes.toString('latin1')).toContain('select $1::int as id')
    expect(seen.every((message) => message.bytes.length === message.length && !message.startup)).toBe(true)
  })
})

import { existsSync, readlinkSync } from 'node:fs'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import { listProcesses } from '../../../src/testing/rig/reaper.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { startPgbouncer } from '../../../src/testing/rig/start-pgbouncer.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig({ standbys: 0, redis: false })
  await askOnce(rig.primary.adminUrl(), 'create role app login')
})
afterAll(() => rig.stop())

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, query_timeout: 700, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => void client.end().catch(() => undefined))
  return client
}

async function backendOf(client: Client): Promise<number> {
  return (await client.query('select pg_backend_pid() as pid')).rows[0].pid
}

describe.each(['1.18', '1.24'] as const)('pgbouncer %s', (version) => {
  const login = { user: 'app', database: 'postgres' }

  it('is of that version', async () => {
    await using pooler = await rig.startPgbouncer({ version })
    expect(pooler.version).toMatch(version === '1.18' ? /^1\.18\./ : /^1\.(2[4-9]|[3-9]\d)\./)
  })

  it('gives a client another server connection for its next transaction', async () => {
    await using pooler = await rig.startPgbouncer({ version, poolSize: 2 })
    const [one, two] = await Promise.all([connect(pooler.url(login)), connect(pooler.url(login))])
    await one.query('begin')
    const first = await backendOf(one)
    await one.query('commit')
    // The connection that was used last is given out first, so the other client's transaction now holds it.
    await two.query('begin')
    expect(await backendOf(two)).toBe(first)
    await one.query('begin')
    expect(await backendOf(one)).not.toBe(first)
    await Promise.all([one.query('commit'), two.query('commit')])
  })

  it('keeps to the size of the pool', async () => {
    await using pooler = await rig.startPgbouncer({ version, poolSize: 2 })
    const clients = await Promise.all(Array.from({ length: 8 }, () => connect(pooler.url(login))))
    const slow = 'select pg_backend_pid() as pid, pg_sleep(0.05)'
    const answers = await Promise.all(clients.map((client) => client.query(slow)))
    expect(new Set(answers.map(({ rows }) => rows[0].pid)).size).toBe(2)
  })

  it('keeps a client on one server connection in session mode', async () => {
    await using pooler = await rig.startPgbouncer({ version, poolSize: 1, poolMode: 'session' })
    const one = await connect(pooler.url(login))
    await one.query("set application_name = 'mine'")
    expect((await one.query('show application_name')).rows).toEqual([{ application_name: 'mine' }])
    const two = await connect(pooler.url(login))
    await expect(backendOf(two)).rejects.toThrow('Query read timeout')
  })

  it('shows its pools', async () => {
    await using pooler = await rig.startPgbouncer({ version })
    const client = await connect(pooler.url(login))
    await client.query('begin')
    const pools = await askOnce<{ user: string }>(pooler.adminUrl(), 'show pools')
    expect(pools.find(({ user }) => user === 'app')).toMatchObject({
      database: 'postgres',
      cl_active: 1,
      sv_active: 1,
      pool_mode: 'transaction',
    })
  })

  it('lets every role in as itself, also one that came later, into a database that came later', async () => {
    await using pooler = await rig.startPgbouncer({ version })
    const role = `late_${version.replace('.', '_')} "one"`
    await askOnce(rig.primary.adminUrl(), `create role "${role.replaceAll('"', '""')}" login`)
    const database = await rig.createDatabase()
    const client = await connect(pooler.url({ user: role, database }))
    const { rows } = await client.query('select session_user as role, current_database() as database')
    expect(rows).toEqual([{ role, database }])
    await expect(connect(pooler.url({ user: 'nobody_knows', database }))).rejects.toThrow()
  })

  it('takes settings and databases of its own', async () => {
    await using pooler = await rig.startPgbouncer({
      version,
      databases: { alias: 'dbname=template1' },
      settings: { query_timeout: 7 },
    })
    const alias = await connect(pooler.url({ user: 'app', database: 'alias' }))
    expect((await alias.query('select current_database() as name')).rows).toEqual([{ name: 'template1' }])
    const config = await askOnce<{ key: string; value: string }>(pooler.adminUrl(), 'show config')
    expect(config.find(({ key }) => key === 'query_timeout')).toMatchObject({ value: '7' })
  })

  it('freezes, is killed and starts again on the same port', async () => {
    await using pooler = await rig.startPgbouncer({ version })
    const client = await connect(pooler.url(login))
    pooler.freeze()
    await expect(client.query('select 1')).rejects.toThrow('Query read timeout')
    await pooler.kill()
    await expect(connect(pooler.url(login))).rejects.toThrow('ECONNREFUSED')
    await pooler.restart()
    expect(await backendOf(await connect(pooler.url(login)))).toBeGreaterThan(0)
  })

  it('serves again soon after the server behind it was down', async () => {
    await using pooler = await rig.startPgbouncer({ version })
    const query = () => askOnce(pooler.url(login), 'select 1 as one', [], 500)
    await query()
    await rig.primary.kill()
    await expect(query()).rejects.toThrow()
    await rig.primary.restart()
    await expect.poll(() => query().catch(() => []), { timeout: 4_000 }).toEqual([{ one: 1 }])
  })
})

describe('a pgbouncer without a rig', () => {
  it('stands in front of any address, and leaves nothing when it is disposed of', async () => {
    const { host, port } = rig.primary
    const pooler = await startPgbouncer({ version: '1.24', target: { host, port } })
    const { pid } = pooler
    const files = readlinkSync(`/proc/${pid}/cwd`)
    expect(files).toContain('/runs/')
    expect(await askOnce(pooler.url({ user: 'app', database: 'postgres' }), 'select 1 as one')).toEqual([
      { one: 1 },
    ])
    await pooler[Symbol.asyncDispose]()
    expect(listProcesses().filter((entry) => entry.pid === pid && entry.state !== 'Z')).toEqual([])
    expect(existsSync(files)).toBe(false)
  })

  it('keeps prepared statements of clients only when told to', async () => {
    const named = { name: 'one', text: 'select 1 as one' }
    for (const maxPreparedStatements of [0, 10]) {
      await using pooler = await rig.startPgbouncer({ version: '1.24', poolSize: 1, maxPreparedStatements })
      const [one, two] = await Promise.all(
        [1, 2].map(() => connect(pooler.url({ user: 'app', database: 'postgres' }))),
      )
      await one?.query(named)
      const second = two?.query(named)
      if (maxPreparedStatements === 0) await expect(second).rejects.toMatchObject({ code: '42P05' })
      else expect((await second)?.rows).toEqual([{ one: 1 }])
    }
  })

  it('says in its log what is wrong with its settings', async () => {
    const starting = rig.startPgbouncer({ version: '1.18', settings: { max_prepared_statements: 5 } })
    await expect(starting).rejects.toThrow(/pgbouncer \(1\.18\.\d\) at .*max_prepared_statements/s)
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import { rigDirectory } from '../../../src/testing/rig/provision/index.ts'
import { listProcesses } from '../../../src/testing/rig/reaper.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'

const ask = <Row extends object = Record<string, unknown>>(url: string, text: string) =>
  askOnce<Row>(url, text, [], 2_000)

/** A client that the test's end closes, and that does not mind being cut off. */
async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, query_timeout: 500, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => void client.end().catch(() => undefined))
  return client
}

describe('a rig', () => {
  let rig: Rig
  beforeAll(async () => {
    // Meant for psql and the like; a standby would give it to the primary as its own name.
    vi.stubEnv('PGAPPNAME', 'stranger')
    rig = await startRig({ settings: { work_mem: '5MB' } })
    vi.unstubAllEnvs()
  })
  afterAll(() => rig.stop())

  it('has a primary that two standbys stream from', async () => {
    const nodes = [rig.primary, ...rig.standbys]
    expect(await Promise.all(nodes.map((node) => node.role()))).toEqual(['primary', 'standby', 'standby'])
    const senders = await ask(
      rig.primary.adminUrl(),
      'select application_name, state from pg_stat_replication order by 1',
    )
    expect(senders).toEqual([
      { application_name: 'standby1', state: 'streaming' },
      { application_name: 'standby2', state: 'streaming' },
    ])
  })

  it('listens on 127.0.0.1 only', async () => {
    const rows = await ask(
      rig.primary.adminUrl(),
      "select current_setting('listen_addresses') as tcp, current_setting('unix_socket_directories') as unix",
    )
    expect(rows).toEqual([{ tcp: '127.0.0.1', unix: '' }])
  })

  it('has Redis', async () => {
    const redis = new Redis(rig.redis?.url ?? '', { lazyConnect: true, retryStrategy: () => null })
    await redis.connect()
    expect(await redis.set('a', '1')).toBe('OK')
    redis.disconnect()
  })

  it('gives the settings it was told to every node', async () => {
    for (const node of [rig.primary, ...rig.standbys]) {
      expect(await ask(node.adminUrl(), 'show work_mem')).toEqual([{ work_mem: '5MB' }])
    }
  })

  it('has every standby send its feedback', async () => {
    // 0 would be the round value of 100 ms, and turns it off.
    expect(await ask(rig.standbys[0]?.adminUrl() ?? '', 'show wal_receiver_status_interval')).toEqual([
      { wal_receiver_status_interval: '1s' },
    ])
  })

  it('clones a template into a database that the standbys have at once', async () => {
    await rig.prepareTemplate('seeded', async (url) => {
      await ask(url, 'create table fruits as select * from (values (1), (2)) as v (id)')
    })
    const name = await rig.createDatabase({ template: 'seeded' })
    for (const node of [rig.primary, ...rig.standbys]) {
      expect(await ask(node.adminUrl(name), 'select count(*)::int as n from fruits')).toEqual([{ n: 2 }])
    }
    await rig.dropDatabase(name)
  })

  it('lets nobody into a template, nor leave a connection in it that would block its clones', async () => {
    let lingering: Client | undefined
    await rig.prepareTemplate('lingered', async (url) => {
      lingering = await connect(url)
    })
    await expect(lingering?.query('select 1')).rejects.toThrow()
    await expect(connect(rig.primary.adminUrl('lingered'))).rejects.toMatchObject({ code: '55000' })
    await rig.createDatabase({ template: 'lingered', name: 'from_lingered' })
  })

  it('disconnects who is in a database that is to be cloned or dropped', async () => {
    const name = await rig.createDatabase()
    const first = await connect(rig.primary.adminUrl(name))
    const clone = await rig.createDatabase({ template: name })
    await expect(first.query('select 1')).rejects.toThrow()
    const second = await connect(rig.primary.adminUrl(clone))
    await rig.dropDatabase(clone)
    await expect(second.query('select 1')).rejects.toThrow()
    await expect(connect(rig.primary.adminUrl(clone))).rejects.toMatchObject({ code: '3D000' })
  })

  it('keeps nothing of a template whose filling failed', async () => {
    const filling = rig.prepareTemplate('broken', () => Promise.reject(new Error('no such table')))
    await expect(filling).rejects.toThrow('no such table')
    await rig.prepareTemplate('broken', () => Promise.resolve())
  })

  it('drops a template, and minds no database that is not there', async () => {
    await rig.prepareTemplate('passing', () => Promise.resolve())
    await rig.dropDatabase('passing')
    await rig.dropDatabase('passing')
    expect(await ask(rig.primary.adminUrl(), "select from pg_database where datname = 'passing'")).toEqual([])
  })

  it('freezes a node with its open connections, and thaws it', async () => {
    const [standby] = rig.standbys
    const client = await connect(standby?.adminUrl() ?? '')
    standby?.freeze()
    await expect(client.query('select 1')).rejects.toThrow('Query read timeout')
    standby?.thaw()
    const fresh = await connect(standby?.adminUrl() ?? '')
    expect((await fresh.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('does not wait for frozen standbys with a new database, which they have later', async () => {
    const [standby] = rig.standbys
    standby?.freeze()
    const name = await rig.createDatabase()
    standby?.thaw()
    await standby?.awaitReplay(await rig.primary.currentLsn())
    expect(await ask(standby?.adminUrl(name) ?? '', 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('says how far a standby has come that does not get there in time', async () => {
    const waiting = rig.standbys[0]?.awaitReplay('FFFF/0', 100)
    await expect(waiting).rejects.toThrow(/standby1 has replayed \S+ and not FFFF\/0 within 100 ms\. Its log/)
  })

  it('kills a node with all its processes, frozen as they are, and starts it again with its data', async () => {
    const { primary } = rig
    await ask(primary.adminUrl(), 'create table survivors as select 7 as id')
    const { pid } = primary
    const backends = listProcesses().filter(({ parent }) => parent === pid)
    expect(backends.length).toBeGreaterThan(4)
    primary.freeze()
    await primary.kill()
    const left = listProcesses().filter((entry) =>
      [pid, ...backends.map((one) => one.pid)].includes(entry.pid),
    )
    expect(left.filter(({ state }) => state !== 'Z')).toEqual([])
    expect(() => primary.pid).toThrow('primary (PostgreSQL 18')
    await expect(connect(primary.adminUrl())).rejects.toThrow('ECONNREFUSED')
    await primary.restart()
    expect(await ask(primary.adminUrl(), 'select id from survivors')).toEqual([{ id: 7 }])
    await rig.awaitStreaming()
  })

  it('restarts a node in good order on the same port', async () => {
    const [standby] = rig.standbys as [PostgresNode]
    const { port, pid } = standby
    const client = await connect(standby.adminUrl())
    const farewell = new Promise((resolve) => client.once('error', resolve))
    await standby.restart()
    expect(await farewell).toMatchObject({ code: '57P01' })
    expect(standby.port).toBe(port)
    expect(standby.pid).not.toBe(pid)
    await rig.awaitStreaming()
  })
})

describe('a failover', () => {
  it('promotes a standby, and rebuilds the others from it', async () => {
    await using rig = await startRig({ redis: false })
    const { primary } = rig
    const [next, other] = rig.standbys as [PostgresNode, PostgresNode]
    await ask(primary.adminUrl(), 'create table kept as select 1 as id')
    await next.awaitReplay(await primary.currentLsn())
    await primary.kill()
    await next.promote()
    expect(await next.role()).toBe('primary')
    await ask(next.adminUrl(), 'insert into kept values (2)')
    await Promise.all([rig.rebuildStandby(primary, next), rig.rebuildStandby(other, next)])
    await ask(next.adminUrl(), 'insert into kept values (3)')
    const lsn = await next.currentLsn()
    for (const node of [primary, other]) {
      await node.awaitReplay(lsn)
      expect(await node.role()).toBe('standby')
      expect(await ask(node.adminUrl(), 'select id from kept order by id')).toEqual([
        { id: 1 },
        { id: 2 },
        { id: 3 },
      ])
    }
  })
})

describe('the stop of a rig', () => {
  it('leaves no process, no file and no shared memory, also of nodes that were killed or frozen', async () => {
    const rig = await startRig({ standbys: 1 })
    const pooler = await rig.startPgbouncer({ version: '1.24' })
    const nodes = [rig.primary, ...rig.standbys]
    const pids = [...nodes.map(({ pid }) => pid), pooler.pid, rig.redis?.pid ?? 0]
    const tree = listProcesses().filter(({ pid, parent }) => pids.includes(pid) || pids.includes(parent))
    rig.standbys[0]?.freeze()
    await rig.primary.kill()
    await Promise.all([rig.stop(), rig.stop()])
    const alive = listProcesses().filter(({ state }) => state !== 'Z')
    expect(alive.filter(({ pid, born }) => tree.some((one) => one.pid === pid && one.born === born))).toEqual(
      [],
    )
    expect(existsSync(rig.directory)).toBe(false)
    const segments = readFileSync('/proc/sysvipc/shm', 'utf8').split('\n').slice(1)
    const creators = segments.map((line) => Number(line.trim().split(/\s+/)[4]))
    expect(creators.filter((pid) => pids.includes(pid))).toEqual([])
    await expect(rig.startPgbouncer({ version: '1.24', users: [] })).rejects.toThrow('The rig was stopped')
  })
})

describe('a rig that cannot start', () => {
  afterEach(async () => {
    const runs = readdirSync(join(await rigDirectory(), 'runs'))
    expect(runs.filter((name) => name.startsWith(`${process.pid}-`))).toEqual([])
  })

  it('says which server, what its log says and what to do', async () => {
    const starting = startRig({ settings: { shared_buffers: 'much' } })
    await expect(starting).rejects.toThrow(
      /primary \(PostgreSQL [\d.]+\) at 127\.0\.0\.1:\d+ ended with exit code 1 .*"shared_buffers": "much".*Check the settings/s,
    )
  })

  it('says which standby does not stream, and what its log says', async () => {
    const starting = startRig({
      settings: { max_wal_senders: 1, max_connections: 9 },
      redis: false,
      startTimeoutMs: 1_000,
    })
    await expect(starting).rejects.toThrow(
      /Not every standby streams from the primary after 1000 ms\.\nstandby\d: Its log ends:.*standby connections exceeds/s,
    )
  })

  it('gives up when its time is over', async () => {
    const starting = startRig({ startTimeoutMs: 1, redis: false })
    await expect(starting).rejects.toThrow(/was not ready within 1 ms\. .*startTimeoutMs/s)
  })
})

describe('a rig with a system identifier of its own', () => {
  it('shares it with no other', async () => {
    const options = { standbys: 0, redis: false }
    await using usual = await startRig(options)
    await using own = await startRig({ ...options, ownSystemIdentifier: true })
    const identifier = 'select system_identifier from pg_control_system()'
    expect(await ask(own.primary.adminUrl(), identifier)).not.toEqual(
      await ask(usual.primary.adminUrl(), identifier),
    )
  })
})

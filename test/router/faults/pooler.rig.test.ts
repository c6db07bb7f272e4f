import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Leasehold, ReadRefusedError } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import type { PoolerNode } from '../../../src/testing/rig/pooler-node.ts'
import type { Rig, RigPgbouncerOptions } from '../../../src/testing/rig/rig.ts'
import { fill, TENANT_A, TENANT_B } from '../../support/notes.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { errorsOf, readDuring, readOnce, readTimes, targetsOf } from './support/reading.ts'
import { awaitStates, shed, states } from './support/states.ts'

const POOL_SIZE = 4
const QUEUE_LIMIT_S = 1
/** The longest first ejection and a retry of the pooler take 7 s; the shortest first and second ejection nearly 12 s. */
const RECOVERY_LIMIT_MS = 10_000

describe('a pooler in front of each replica', () => {
  let rig: Rig
  let db: Leasehold
  let router: Router
  let poolers: PoolerNode[]
  const all: PoolerNode[] = []

  beforeAll(async () => {
    rig = await startNotesRig()
    await fill(
      rig.primary.adminUrl(),
      `insert into notes (tenant_id, body) values ('${TENANT_A}', 'a'), ('${TENANT_A}', 'a'), ('${TENANT_B}', 'b')`,
    )
    poolers = await startPoolers({ poolSize: POOL_SIZE })
  })
  afterEach(() => db.close({ drainMs: 1_000 }))
  afterAll(() => rig.stop())

  async function startPoolers(options: Partial<RigPgbouncerOptions>): Promise<PoolerNode[]> {
    const settings = { query_wait_timeout: QUEUE_LIMIT_S, ...options.settings }
    const made = await Promise.all(
      rig.standbys.map((target) => rig.startPgbouncer({ version: '1.24', target, ...options, settings })),
    )
    all.push(...made)
    return made
  }

  async function open(through: readonly PoolerNode[] = poolers) {
    ;({ db, router } = openFleet(rig, { replicas: through }))
    await readTimes(4, db)
    await awaitStates(router, ['healthy', 'healthy'])
  }

  /** Takes server connections of a pooler, as other processes do, until it is disposed of. */
  async function hold({ host, port }: PoolerNode, count: number): Promise<AsyncDisposable> {
    const clients = Array.from(
      { length: count },
      () => new pg.Client({ host, port, user: 'app', database: 'postgres' }),
    )
    for (const client of clients) {
      client.on('error', () => {})
      await client.connect()
      await client.query('begin')
    }
    return {
      [Symbol.asyncDispose]: async () => {
        await Promise.all(clients.map((client) => client.end()))
      },
    }
  }

  it.each<[string, (pooler: PoolerNode) => unknown]>([
    ['is killed', (pooler) => pooler.kill()],
    ['is told to end when its clients have', (pooler) => process.kill(pooler.pid, 'SIGTERM')],
  ])(
    'costs no read anything when it %s, and mixes no tenants when it is back',
    { timeout: 40_000 },
    async (_how, end) => {
      await open()
      const [pooler] = poolers
      if (!pooler) throw new Error('There is no pooler.')
      const others: number[][] = []
      const both = async () => {
        await end(pooler)
        await sleep(300)
        await pooler.restart()
        await awaitStates(router, ['healthy', 'healthy'])
        for (let n = 0; n < 20; n++) {
          const { rows } = await db
            .tenant(TENANT_B, { route: 'replica' })
            .query<{ n: number }>('select count(*)::int as n from notes')
          others.push(rows.map((row) => row.n))
        }
      }
      const ends = await readDuring(both(), db)
      expect(errorsOf(ends)).toEqual([])
      for (const { rows } of ends) expect(rows).toMatchObject([{ notes: 2 }])
      expect(others).toEqual(others.map(() => [1]))
      expect(targetsOf(ends.slice(-20))).toEqual(new Set(['r1', 'r2']))
    },
  )

  it('lets nobody take it for a replica that is up when the server behind it is down', {
    timeout: 40_000,
  }, async () => {
    await open()
    const [server] = rig.standbys
    const during = await readDuring(
      (async () => {
        await server?.stop()
        await awaitStates(router, ['ejected', 'healthy'])
      })(),
      db,
    )
    expect(errorsOf(during)).toEqual([])
    const after = await readTimes(20, db)
    expect(errorsOf(after)).toEqual([])
    expect(targetsOf(after)).toEqual(new Set(['r2']))
    await server?.restart()
    const restartedAt = performance.now()
    await awaitStates(router, ['healthy', 'healthy'])
    // Behind what is left of the first ejection, and not a second one for what the pooler remembers.
    expect(performance.now() - restartedAt).toBeLessThan(RECOVERY_LIMIT_MS)
    expect(targetsOf(await readTimes(4, db))).toEqual(new Set(['r1', 'r2']))
  })

  it('that has no server connection left sends reads to another replica, and is neither ejected nor relieved by the primary', async () => {
    const full = await startPoolers({ poolSize: POOL_SIZE })
    await open(full)
    const [first] = full
    if (!first) throw new Error('There is no pooler.')
    {
      await using _held = await hold(first, POOL_SIZE)
      // So few that the budget of retries is not what they meet.
      const ends = await readDuring(sleep(2_500 * QUEUE_LIMIT_S), db, { readers: 2 })
      expect(errorsOf(ends)).toEqual([])
      expect(ends.filter(({ route }) => route?.attempts === 2).length).toBeGreaterThan(0)
      expect(targetsOf(ends)).toEqual(new Set(['r2']))
      expect(states(router)).toEqual(['healthy', 'healthy'])
    }
    expect(targetsOf(await readTimes(4, db))).toEqual(new Set(['r1', 'r2']))
    expect(shed(router)).toBe(0)
  })

  it('when none has a server connection left turns reads away and says how full they are', async () => {
    const full = await startPoolers({ poolSize: POOL_SIZE })
    await open(full)
    await using _first = await hold(full[0] ?? never(), POOL_SIZE)
    await using _second = await hold(full[1] ?? never(), POOL_SIZE)
    const { error, route } = await readOnce(db)
    expect(error).toBeInstanceOf(ReadRefusedError)
    expect(String(error)).toMatch(/r[12]: 08P01, with [0-9]+ of its 4 connections/)
    expect(route).toMatchObject({ reason: 'refused', attempts: 2 })
    expect(states(router)).toEqual(['healthy', 'healthy'])
  })

  it.each<[string, (rest: number) => Promise<readonly { host: string; port: number }[]>]>([
    ['a pooler', (rest) => startPoolers({ settings: { max_client_conn: rest } })],
    [
      'a server',
      async (rest) => {
        // Their server connections would count.
        await Promise.all(all.map((pooler) => pooler.stop()))
        await fill(rig.primary.adminUrl(), `alter role app connection limit ${rest}`)
        const lsn = await rig.primary.currentLsn()
        await Promise.all(rig.standbys.map((standby) => standby.awaitReplay(lsn)))
        return rig.standbys
      },
    ],
  ])(
    'and %s that takes no more connections turns reads away with numbers, and is not ejected',
    async (_what, limit) => {
      // One for the probe, one for the reads.
      const places = await limit(2)
      ;({ db, router } = openFleet(rig, { replicas: places }))
      await readTimes(4, db)
      await awaitStates(router, ['healthy', 'healthy'])
      const ends = await Promise.all(Array.from({ length: 8 }, () => readOnce(db, 'select pg_sleep(0.3)')))
      await fill(rig.primary.adminUrl(), 'alter role app connection limit -1')
      const errors = errorsOf(ends)
      expect(errors.length).toBeGreaterThan(0)
      for (const error of errors) {
        expect(error).toBeInstanceOf(ReadRefusedError)
        expect(error).toMatchObject({ retryable: true, retryAfterMs: 200 })
        expect(String(error)).toMatch(/r[12]: (08P01|53300), with [0-9]+ of its 4 connections/)
      }
      expect(states(router)).toEqual(['healthy', 'healthy'])
      expect(errorsOf(await readTimes(4, db))).toEqual([])
    },
  )
})

function never(): never {
  throw new Error('There is no pooler.')
}

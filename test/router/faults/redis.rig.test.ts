import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Leasehold } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import { startToxicProxy, type ToxicProxy } from '../../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { TENANT_A } from '../../support/notes.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { COUNT } from './support/reading.ts'
import { awaitStates } from './support/states.ts'

const REDIS_LIMIT_MS = 100
const CALL_LIMIT_MS = 2_000
/** What a busy machine may add to a limit that was kept. */
const SLACK_MS = 1_000

describe('the store of tokens in Redis', () => {
  let rig: Rig
  let proxy: ToxicProxy
  let redis: Redis
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig(2, { redis: true })
  })
  beforeEach(async () => {
    if (!rig.redis) throw new Error('The rig has no Redis.')
    proxy = await startToxicProxy({ target: rig.redis })
    const { host, port } = proxy
    redis = new Redis({ host, port, enableOfflineQueue: false, lazyConnect: true, commandTimeout: 1_000 })
    redis.on('error', () => {})
    await redis.connect()
    const tokens = { redis: { redis, timeoutMs: REDIS_LIMIT_MS } }
    ;({ db, router } = openFleet(rig, { router: { tokens }, rest: { timeoutMs: CALL_LIMIT_MS } }))
    await device().read()
    await awaitStates(router, ['healthy', 'healthy'])
  })
  afterEach(async () => {
    await heal()
    await db.close({ drainMs: 1_000 })
    redis.disconnect()
    await proxy.close()
  })
  afterAll(() => rig.stop())

  async function heal(): Promise<void> {
    proxy.clearToxics()
    if (rig.redis?.isFrozen) rig.redis.thaw()
    if (!rig.redis?.isRunning) await rig.redis?.restart()
  }

  /** Of one user, with a cookie of its own. */
  function device(carries = true) {
    let token: string | undefined
    const call = () => ({
      subject: 'nurse',
      ...(carries && token !== undefined && { token }),
      onToken: (next: string) => {
        token = next
      },
    })
    const timed = async <T>(work: () => Promise<T>) => {
      const startedAtMs = performance.now()
      const value = await work()
      return { ...value, tookMs: performance.now() - startedAtMs }
    }
    return {
      write: () => timed(() => db.tenant(TENANT_A, call()).query(`insert into notes (body) values ('x')`)),
      read: () =>
        timed(async () => {
          const options = { ...call(), route: 'replica' } as const
          const { rows, route } = await db.tenant(TENANT_A, options).query<{ notes: number }>(COUNT)
          return { notes: rows[0]?.notes, target: route?.target, reason: route?.reason }
        }),
    }
  }

  async function countOnPrimary(): Promise<number | undefined> {
    const sql = 'select count(*)::int as n from notes'
    return (await askOnce<{ n: number }>(rig.primary.adminUrl(), sql))[0]?.n
  }

  async function pauseReplay<T>(work: () => Promise<T>): Promise<T> {
    const all = (call: string) =>
      Promise.all(rig.standbys.map((node) => askOnce(node.adminUrl(), `select ${call}()`)))
    await all('pg_wal_replay_pause')
    try {
      return await work()
    } finally {
      await all('pg_wal_replay_resume')
    }
  }

  it('shows on one device what was written on another, while it is up', async () => {
    await pauseReplay(async () => {
      await device().write()
      expect(await device().read()).toMatchObject({ notes: await countOnPrimary(), target: 'primary' })
    })
  })

  it.each<[string, () => unknown]>([
    ['is stopped', () => rig.redis?.stop()],
    ['hangs', () => rig.redis?.freeze()],
    ['is slow', () => proxy.latency(3 * REDIS_LIMIT_MS)],
    ['resets every connection', () => proxy.refuse(true) ?? proxy.resetAll()],
  ])(
    'costs no call more than its limit when it %s: the cookie goes on, and without one the primary',
    async (_how, inject) => {
      const own = device()
      const other = device(false)
      await own.write()
      await inject()
      await sleep(50)
      await pauseReplay(async () => {
        // A write stands, whatever becomes of its token.
        const before = (await countOnPrimary()) ?? 0
        const { rowCount, tookMs } = await own.write()
        expect(rowCount).toBe(1)
        expect(tookMs).toBeLessThan(REDIS_LIMIT_MS + SLACK_MS)
        for (const each of [own, other]) {
          const { notes, target, tookMs: took } = await each.read()
          expect({ notes, target }).toEqual({ notes: before + 1, target: 'primary' })
          expect(took).toBeLessThan(REDIS_LIMIT_MS + SLACK_MS)
        }
      })
      await Promise.all(rig.standbys.map(async (node) => node.awaitReplay(await rig.primary.currentLsn())))
      // What a read on the primary has tidied up there may take a moment to be sent on.
      await expect.poll(async () => (await own.read()).target).toMatch(/^r[12]$/)
      expect((await other.read()).reason).toBe('token')
      await heal()
      await expect.poll(async () => (await other.read()).target, { timeout: 10_000 }).toMatch(/^r[12]$/)
    },
  )
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Leasehold, ReadRefusedError } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { TENANT_A } from '../../support/notes.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { COUNT, errorsOf, readDuring, readOnce, readTimes, targetsOf } from './support/reading.ts'
import { awaitStates, shed } from './support/states.ts'

const PLACES = 2

describe('the death of a replica', () => {
  let rig: Rig
  let dying: PostgresNode
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    dying = rig.standbys[0] ?? rig.primary
  })
  beforeEach(async () => {
    ;({ db, router } = openFleet(rig, { router: { shed: { maxConcurrent: PLACES } } }))
    await readTimes(4, db)
    await awaitStates(router, ['healthy', 'healthy'])
  })
  afterEach(() => db.close({ drainMs: 1_000 }))
  afterAll(() => rig.stop())

  /** Ends the application's sessions on the replica, those of probes too. */
  async function terminate(which = 'true'): Promise<number> {
    const ended = await askOnce(
      dying.adminUrl(),
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app' and ${which}`,
    )
    return ended.length
  }

  it('costs no read anything when its sessions end while they are idle', async () => {
    expect(await terminate()).toBeGreaterThan(0)
    expect(errorsOf(await readTimes(10, db))).toEqual([])
    expect(shed(router)).toBe(0)
  })

  it('costs no read anything when its sessions end in the middle of reads, which are sent again elsewhere', async () => {
    const reading = Promise.all(
      Array.from({ length: 8 }, () =>
        readOnce(db, 'select pg_sleep(0.5), count(*)::int as notes from notes'),
      ),
    )
    const asleep = `select from pg_stat_activity where usename = 'app' and wait_event = 'PgSleep'`
    await expect.poll(async () => (await askOnce(dying.adminUrl(), asleep)).length).toBe(4)
    expect(await terminate(`wait_event = 'PgSleep'`)).toBe(4)
    const ends = await reading
    expect(errorsOf(ends)).toEqual([])
    expect(ends.filter(({ route }) => (route?.attempts ?? 0) > 1).length).toBeGreaterThanOrEqual(4)
  })

  it('costs a transaction nothing that may be run again, when its session ends between two statements', async () => {
    let calls = 0
    const targets: (string | undefined)[] = []
    // Until one was on the replica whose sessions end.
    for (let n = 0; n < 2; n++) {
      const notes = await db.withTenant(
        TENANT_A,
        async (tx) => {
          calls += 1
          const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
          if (calls <= 2) await terminate(`pid = ${rows[0]?.pid}`)
          return (await tx.query(COUNT)).rows
        },
        { route: 'replica', retry: 3, onRoute: (route) => targets.push(route.target) },
      )
      expect(notes).toEqual([{ standby: true, notes: 0 }])
    }
    expect(calls).toBe(3)
    expect(targets).toContain('r1')
  })

  it.each<[string, (standby: PostgresNode) => Promise<void>]>([
    ['is shut down fast', (standby) => standby.stop()],
    ['is killed', (standby) => standby.kill()],
  ])(
    'costs no read anything when it %s under load, and a new one finds it again when it is back',
    async (_how, end) => {
      const ends = await readDuring(
        end(dying).then(() => sleep(300)),
        db,
      )
      expect(errorsOf(ends)).toEqual([])
      await awaitStates(router, ['ejected', 'healthy'])
      await dying.restart()
      const { db: fresh, router: freshRouter } = openFleet(rig)
      await readOnce(fresh)
      await awaitStates(freshRouter, ['healthy', 'healthy'])
      await fresh.close()
    },
  )

  it('costs each read one more attempt at most when it refuses connections, and after three none, until it is back', async () => {
    await dying.kill()
    const ends = await readTimes(40, db)
    expect(errorsOf(ends)).toEqual([])
    const attempts = ends.map(({ route }) => route?.attempts ?? 0)
    expect(Math.max(...attempts)).toBeLessThanOrEqual(2)
    expect(attempts.filter((count) => count > 1).length).toBeLessThanOrEqual(3)
    await awaitStates(router, ['ejected', 'healthy'])
    expect(shed(router)).toBe(0)
    await dying.restart()
    await awaitStates(router, ['healthy', 'healthy'])
    expect(targetsOf(await readTimes(4, db))).toEqual(new Set(['r1', 'r2']))
  })

  it('of all of them sends reads to their share of the primary, turns away what that cannot take, and leaves writes alone', async () => {
    await Promise.all(rig.standbys.map((standby) => standby.kill()))
    await readTimes(10, db)
    await awaitStates(router, ['ejected', 'ejected'])
    for (const consistency of ['eventual', 'session', 'strong'] as const) {
      const { error, rows, route } = await readOnce(db, COUNT, { consistency })
      expect(error).toBeUndefined()
      expect(rows).toMatchObject([{ standby: false }])
      expect(route).toMatchObject({ target: 'primary', reason: consistency === 'strong' ? 'strong' : 'down' })
    }
    const busy = Array.from({ length: 20 * PLACES }, () => readOnce(db, 'select pg_sleep(0.3)'))
    const writes = await Promise.all(
      Array.from({ length: 10 }, () => db.tenant(TENANT_A).query(`insert into notes (body) values ('x')`)),
    )
    expect(writes.map(({ rowCount }) => rowCount)).toEqual(writes.map(() => 1))
    const ends = await Promise.all(busy)
    const errors = errorsOf(ends)
    expect(ends.length - errors.length).toBeGreaterThanOrEqual(PLACES)
    expect(errors.length).toBeGreaterThan(0)
    for (const error of errors) {
      expect(error).toBeInstanceOf(ReadRefusedError)
      expect(error).toMatchObject({ retryable: true, retryAfterMs: 200 })
    }
  })
})

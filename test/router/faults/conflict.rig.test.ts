import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Leasehold } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import { askOnce, withAdminSession } from '../../../src/testing/rig/admin-session.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { fill, TENANT_A } from '../../support/notes.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { errorsOf, readOnce } from './support/reading.ts'
import { awaitStates, states } from './support/states.ts'

/** Holds its snapshot for longer than replay waits for it. */
const SLOW_READ = 'select pg_is_in_recovery() as standby, count(*)::int as notes, pg_sleep(1.2) from notes'

describe('a read that is in the way of replay', () => {
  let rig: Rig
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig(2, {
      settings: { hot_standby_feedback: 'off', max_standby_streaming_delay: '500ms' },
    })
    ;({ db, router } = openFleet(rig, { rest: { timeoutMs: 20_000 } }))
    await readOnce(db)
  })
  beforeEach(() => awaitStates(router, ['healthy', 'healthy']))
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await rig.stop()
  })

  /** Rows that a snapshot on a standby still sees go away on the primary. */
  async function makeConflicts(until: () => boolean | Promise<boolean>): Promise<void> {
    await withAdminSession(rig.primary.adminUrl(), 30_000, async (ask) => {
      while (!(await until())) {
        await ask(`insert into notes (tenant_id, body) select '${TENANT_A}', 'x' from generate_series(1, 50)`)
        await ask('delete from notes')
        await ask('vacuum (truncate false) notes')
        await sleep(50)
      }
    })
  }

  it('once is sent again and served by a replica, the same one if it has replayed all by then', async () => {
    const reading = readOnce(db, SLOW_READ)
    const asleep = `select from pg_stat_activity where wait_event = 'PgSleep'`
    const readers = () => Promise.all(rig.standbys.map((node) => askOnce(node.adminUrl(), asleep)))
    await expect.poll(async () => (await readers()).flat().length).toBe(1)
    // A vacuum leaves rows that anybody on the primary may still see, so that one may not be enough.
    const stuck = `select from pg_stat_activity where wait_event like 'RecoveryConflict%'`
    const waiting = () => Promise.all(rig.standbys.map((node) => askOnce(node.adminUrl(), stuck)))
    await makeConflicts(async () => (await waiting()).flat().length > 0)
    const { error, rows, route } = await reading
    expect(error).toBeUndefined()
    expect(rows).toMatchObject([{ standby: true }])
    expect(route?.reason).toBe('replica')
    // A vacuum writes several records, and the second read may be in the way of one of them.
    expect([2, 3]).toContain(route?.attempts)
  })

  it('again and again is tried there twice, on the other once, and on the primary then', async () => {
    let reading = true
    const conflicts = makeConflicts(() => !reading)
    const { error, rows, route } = await readOnce(db, SLOW_READ)
    reading = false
    await conflicts
    expect(error).toBeUndefined()
    expect(rows).toMatchObject([{ standby: false }])
    expect(route).toMatchObject({ target: 'primary', reason: 'failed', attempts: 4 })
    // It was no fault of theirs.
    expect(states(router).filter((state) => state === 'ejected')).toEqual([])
  })

  it('as an open transaction loses its session, and is run again where it may be', async () => {
    await fill(rig.primary.adminUrl(), 'create table scratch (); grant select on scratch to app')
    const lsn = await rig.primary.currentLsn()
    await Promise.all(rig.standbys.map((standby) => standby.awaitReplay(lsn)))
    let calls = 0
    const rows = await db.withTenant(
      TENANT_A,
      async (tx) => {
        calls += 1
        if (calls === 1) {
          await tx.query('select from scratch')
          await fill(rig.primary.adminUrl(), 'drop table scratch')
          await Promise.all(
            rig.standbys.map(async (node) => node.awaitReplay(await rig.primary.currentLsn())),
          )
        }
        return (await tx.query('select pg_is_in_recovery() as standby')).rows
      },
      { route: 'replica', retry: 2 },
    )
    expect(calls).toBe(2)
    expect(rows).toEqual([{ standby: true }])
    expect(errorsOf([await readOnce(db)])).toEqual([])
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leasehold } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { TENANT_A } from '../../support/notes.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { COUNT, errorsOf, readOnce, readTimes, targetsOf } from './support/reading.ts'
import { awaitStates, states, watchStates } from './support/states.ts'

const MAX_LAG_MS = 400
const IDLE_MS = 5 * MAX_LAG_MS

async function receiverOf({ adminUrl }: { adminUrl: () => string }): Promise<number> {
  const [row] = await askOnce<{ pid: number }>(adminUrl(), 'select pid from pg_stat_wal_receiver')
  if (!row) throw new Error('The standby does not stream.')
  return row.pid
}

/** The ways of a replica to fall behind, each with the way back. */
const FAULTS: readonly [string, (standby: PostgresNode) => Promise<() => Promise<unknown>>][] = [
  [
    'does not replay',
    async (standby) => {
      await askOnce(standby.adminUrl(), 'select pg_wal_replay_pause()')
      return () => askOnce(standby.adminUrl(), 'select pg_wal_replay_resume()')
    },
  ],
  [
    'does not receive, so that it has replayed all that it knows of',
    async (standby) => {
      const pid = await receiverOf({ adminUrl: () => standby.adminUrl() })
      process.kill(pid, 'SIGSTOP')
      return async () => process.kill(pid, 'SIGCONT')
    },
  ],
]

describe('lag', () => {
  let rig: Rig
  let late: PostgresNode
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    late = rig.standbys[0] ?? rig.primary
    ;({ db, router } = openFleet(rig, { router: { lag: { maxMs: MAX_LAG_MS } } }))
    await readOnce(db)
    await awaitStates(router, ['healthy', 'healthy'])
  })
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await rig.stop()
  })

  /** Writes, and says what was read behind each write, and where. */
  async function writeAndRead(times: number) {
    const seen: { missing: number; target: string | undefined }[] = []
    for (let n = 0; n < times; n++) {
      await db.run({ tenant: TENANT_A, subject: 'nurse', method: 'POST' }, async () => {
        await db.current().query(`insert into notes (body) values ('x')`)
        const [{ notes } = { notes: 0 }] = await askOnce<{ notes: number }>(
          rig.primary.adminUrl(),
          'select count(*)::int as notes from notes',
        )
        const read = await db.current({ route: 'replica' }).query<{ notes: number }>(COUNT)
        seen.push({ missing: notes - (read.rows[0]?.notes ?? 0), target: read.route?.target })
      })
    }
    return seen
  }

  it.each(FAULTS)(
    'of a replica that %s: it serves nobody what is older than what they wrote, is left out, and comes back warming',
    async (_what, inject) => {
      using watch = watchStates('r1')
      const heal = await inject(late)
      try {
        // Before the first probe that finds it lagging, too.
        const seen = await writeAndRead(10)
        expect(seen.filter(({ missing }) => missing !== 0)).toEqual([])
        expect(seen.filter(({ target }) => target === 'r1')).toEqual([])
        await awaitStates(router, ['lagging', 'healthy'])
        const eventual = await readTimes(10, db, COUNT, { consistency: 'eventual' })
        expect(errorsOf(eventual)).toEqual([])
        expect(targetsOf(eventual)).toEqual(new Set(['r2']))
      } finally {
        await heal()
      }
      await awaitStates(router, ['healthy', 'healthy'])
      expect(watch.changes).toEqual(['healthy > lagging', 'lagging > warming', 'warming > healthy'])
      expect(targetsOf(await readTimes(4, db))).toEqual(new Set(['r1', 'r2']))
    },
  )

  it('is none where nobody writes, however long ago the last transaction was replayed', async () => {
    await writeAndRead(1)
    await Promise.all(rig.standbys.map(async (node) => node.awaitReplay(await rig.primary.currentLsn())))
    using first = watchStates('r1')
    using second = watchStates('r2')
    await sleep(IDLE_MS)
    const [row] = await askOnce<{ ms: number }>(
      late.adminUrl(),
      'select 1000 * extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 as ms',
    )
    expect(row?.ms).toBeGreaterThan(MAX_LAG_MS)
    expect(states(router)).toEqual(['healthy', 'healthy'])
    expect([...first.changes, ...second.changes]).toEqual([])
    expect(targetsOf(await readTimes(4, db))).toEqual(new Set(['r1', 'r2']))
  })
})

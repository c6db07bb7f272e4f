import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Leasehold, ReaderOptions } from '../../src/index.ts'
import { askOnce } from '../../src/testing/rig/admin-session.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { TENANT_A } from '../support/notes.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'

const INSERT = `insert into notes (body) values ('x')`
const COUNT = 'select count(*)::int as notes from notes'
const READS = 8

describe('a session', () => {
  let rig: Rig
  let db: Leasehold

  beforeAll(async () => {
    rig = await startNotesRig()
    ;({ db } = openFleet(rig))
    await db.tenant(TENANT_A, { route: 'replica' }).query(COUNT)
  })
  afterEach(() => replay('resume', rig))
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await rig.stop()
  })

  /** Has standbys stay where they are, once they are where the primary is. */
  async function holdBack(standbys: Rig['standbys']): Promise<void> {
    // A commit, for which all that was written before it is sent on too: what is not committed as well.
    await askOnce(rig.primary.adminUrl(), `select pg_logical_emit_message(true, 'test', '')`)
    const lsn = await rig.primary.currentLsn()
    await Promise.all(rig.standbys.map((standby) => standby.awaitReplay(lsn)))
    await replay('pause', { standbys })
  }

  async function replay(how: 'pause' | 'resume', { standbys }: Pick<Rig, 'standbys'>): Promise<void> {
    await Promise.all(standbys.map((standby) => askOnce(standby.adminUrl(), `select pg_wal_replay_${how}()`)))
  }

  async function stored(): Promise<number | undefined> {
    const rows = await askOnce<{ notes: number }>(rig.primary.adminUrl(), COUNT)
    return rows[0]?.notes
  }

  it.each<[string, (options: ReaderOptions, sent: () => Promise<void>) => Promise<unknown>]>([
    [
      'a statement',
      async (options, sent) => {
        await sent()
        return db.tenant(TENANT_A, options).query(INSERT)
      },
    ],
    [
      'a batch',
      async (options, sent) => {
        await sent()
        return db.tenant(TENANT_A, options).batch([INSERT, INSERT])
      },
    ],
    [
      'a transaction, of which replicas have all but the commit',
      (options, sent) =>
        db.withTenant(
          TENANT_A,
          async (tx) => {
            await tx.query(INSERT)
            await sent()
          },
          options,
        ),
    ],
  ])('reads what it wrote by %s, from a server that has it', async (_what, write) => {
    let token: string | undefined
    const onToken = (text: string) => {
      token = text
    }
    await write({ onToken }, () => holdBack(rig.standbys))
    const read = await db.tenant(TENANT_A, { route: 'replica', token }).query(COUNT)
    expect(read.rows).toEqual([{ notes: await stored() }])
    expect(read.route).toMatchObject({ target: 'primary', reason: 'behind' })
  })

  it('never reads what is older than what it read before, though another replica has no more than that', async () => {
    const [, late] = rig.standbys
    await holdBack(late ? [late] : [])
    await db.tenant(TENANT_A).query(INSERT)
    await rig.standbys[0]?.awaitReplay(await rig.primary.currentLsn())
    const newest = (await stored()) ?? 0
    let token: string | undefined
    const read = async (options: ReaderOptions) => {
      const { rows, route } = await db
        .tenant(TENANT_A, { route: 'replica', ...options })
        .query<{ notes: number }>(COUNT)
      return { notes: rows[0]?.notes ?? 0, target: route?.target }
    }
    const onToken = (text: string) => {
      token = text
    }
    // Without a token it is luck: what the other replica shows is older.
    const lucky = Array.from({ length: READS }, () => read({}))
    expect(new Set((await Promise.all(lucky)).map(({ notes }) => notes))).toEqual(
      new Set([newest - 1, newest]),
    )
    while ((await read({ onToken })).notes < newest);
    for (let n = 0; n < READS; n++) {
      const { notes, target } = await read({ token, onToken })
      expect(notes).toBe(newest)
      expect(target).not.toBe('r2')
    }
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallOptions, Leasehold } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import { issueToken } from '../../../src/router/token/sign.ts'
import { createTokenKeys } from '../../../src/router/token/token-keys.ts'
import { parseLsn } from '../../../src/router/token/wal-position.ts'
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { TENANT_A, TENANT_B } from '../../support/notes.ts'
import { KEYS, openFleet, startNotesRig } from '../support/fleet.ts'
import { COUNT } from './support/reading.ts'
import { awaitStates } from './support/states.ts'

const INSERT = `insert into notes (body) values ('x')`
const SEGMENT_BYTES = 16_777_216n
const LONG_PAGE_HEADER = 40n
const TRIES = 10

describe('a token', () => {
  let rig: Rig
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    ;({ db, router } = openFleet(rig))
    await read({})
    await awaitStates(router, ['healthy', 'healthy'])
  })
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await rig.stop()
  })

  /** A request of its own, with what the one before was given. */
  async function read(options: CallOptions) {
    let next = options.token
    const onToken = (token: string) => {
      next = token
    }
    const call = { route: 'replica', subject: 'nurse', ...options, onToken } as const
    const { rows, route } = await db.tenant(TENANT_A, call).query<{ notes: number }>(COUNT)
    return { notes: rows[0]?.notes ?? 0, target: route?.target, reason: route?.reason, next }
  }

  async function write(options: CallOptions = {}): Promise<string> {
    let given = ''
    const onToken = (token: string) => {
      given = token
    }
    await db.tenant(TENANT_A, { subject: 'nurse', ...options, onToken }).query(INSERT)
    return given
  }

  async function insertPosition() {
    const [row] = await askOnce<{ lsn: string; system: string; timeline: string }>(
      rig.primary.adminUrl(),
      `select pg_current_wal_insert_lsn() as lsn, (pg_control_system()).system_identifier as system,
         substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) as timeline`,
    )
    if (!row) throw new Error('The primary says nothing.')
    return {
      systemId: String(row.system),
      timeline: Number.parseInt(row.timeline, 16),
      lsn: parseLsn(row.lsn),
    }
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

  it('of where a new page of the log begins is satisfied at once, by replicas that cannot get there', async () => {
    let found = 0
    for (let n = 0; n < TRIES && found < 3; n++) {
      await write()
      await askOnce(rig.primary.adminUrl(), 'select pg_switch_wal()')
      const before = await insertPosition()
      let token = ''
      const onToken = (next: string) => {
        token = next
      }
      // Commits, and writes nothing to the log.
      await db.tenant(TENANT_A, { subject: 'nurse', onToken }).query('delete from notes where false')
      const after = await insertPosition()
      const isBoundary = before.lsn === after.lsn && after.lsn % SEGMENT_BYTES === LONG_PAGE_HEADER
      await Promise.all(rig.standbys.map((node) => node.awaitReplay(formatBoundary(after.lsn))))
      if (!isBoundary) continue
      found += 1
      const { target, reason } = await read({ token })
      // Something else may have written meanwhile, and made it reachable.
      if ((await insertPosition()).lsn !== after.lsn) continue
      expect(target).toMatch(/^r[12]$/)
      expect(reason).toBe('replica')
    }
    expect(found).toBeGreaterThan(0)
  })

  it('is given behind COMMIT, and not before', async () => {
    const given: string[] = []
    const onToken = (token: string) => void given.push(token)
    await pauseReplay(async () => {
      await db.withTenant(
        TENANT_A,
        async (tx) => {
          await tx.query(INSERT)
          await tx.query(INSERT)
          expect(given).toEqual([])
        },
        { subject: 'nurse', onToken },
      )
      expect(given.length).toBe(1)
      const { notes } = await read({ token: given[0] })
      expect(notes).toBe(await countOnPrimary())
    })
    const rolledBack = db.withTenant(
      TENANT_A,
      async (tx) => {
        await tx.query(INSERT)
        throw new Error('No.')
      },
      { subject: 'nurse', onToken },
    )
    await expect(rolledBack).rejects.toThrow('No.')
    expect(given.length).toBe(1)
  })

  it('is not judged by a snapshot that is older than what the server says: what was written is there', async () => {
    for (const isolation of ['repeatable read', 'serializable'] as const) {
      await pauseReplay(async () => {
        const token = await write()
        let reason: string | undefined
        const notes = await db.withTenant(
          TENANT_A,
          async (tx) => (await tx.query<{ notes: number }>(COUNT)).rows[0]?.notes,
          {
            route: 'replica',
            subject: 'nurse',
            token,
            isolation,
            onRoute: (route) => {
              reason = route.reason
            },
          },
        )
        expect(notes).toBe(await countOnPrimary())
        expect(reason).toBe('isolation')
      })
    }
  })

  /** Soon, for what a read on the primary has tidied up there may take a moment to be sent on. */
  async function expectReplica(token: string | undefined) {
    let carried = token
    const next = async () => {
      const { target, next } = await read({ token: carried })
      carried = next
      return target
    }
    await expect.poll(next, { timeout: 5_000 }).toMatch(/^r[12]$/)
  }

  async function countOnPrimary(): Promise<number | undefined> {
    const sql = `select count(*)::int as n from notes where tenant_id = '${TENANT_A}'`
    return (await askOnce<{ n: number }>(rig.primary.adminUrl(), sql))[0]?.n
  }

  const changed = (token: string, at: number) =>
    `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
  const forge = async (ageMs: number, aboveBytes: bigint) => {
    const position = await insertPosition()
    return issueToken(createTokenKeys(KEYS), {
      tenant: TENANT_A,
      subject: 'nurse',
      issuedAtMs: Date.now() - ageMs,
      position: { ...position, lsn: position.lsn + aboveBytes },
    })
  }

  it.each<[string, () => Promise<CallOptions>]>([
    ['with another position in it', async () => ({ token: changed(await write(), 45) })],
    ['with another signature', async () => ({ token: changed(await write(), 80) })],
    ['of another version', async () => ({ token: changed(await write(), 0) })],
    ['that is no token', async () => ({ token: 'x'.repeat(88) })],
    ['of another subject', async () => ({ token: await write({ subject: 'doctor' }) })],
    ['of another tenant', async () => ({ token: await writeOf(TENANT_B) })],
    ['from an hour ahead', async () => ({ token: await forge(-3_600_000, 0n) })],
    ['of a place where the log never was', async () => ({ token: await forge(10_000, 1n << 40n) })],
  ])('%s is served by the primary, this once', async (_what, make) => {
    const first = await read(await make())
    expect(first).toMatchObject({ target: 'primary', reason: 'token', notes: await countOnPrimary() })
    const second = await read({ token: first.next })
    expect(second.notes).toBe(first.notes)
    expect(second.reason).not.toBe('token')
    await expectReplica(second.next)
  })

  it('of a place where the log never was and of this moment is served by the primary, and no more than that', async () => {
    const first = await read({ token: await forge(0, 1n << 40n) })
    expect(first.target).toBe('primary')
    await expectReplica(first.next)
  })

  it('that is played back demands what it always did, and lowers nothing that the request has seen', async () => {
    const old = await write()
    await db.run({ tenant: TENANT_A, subject: 'nurse', method: 'POST', token: old }, () =>
      pauseReplay(async () => {
        await db.current().query(INSERT)
        const { rows } = await db.current({ route: 'replica' }).query<{ notes: number }>(COUNT)
        expect(rows[0]?.notes).toBe(await countOnPrimary())
      }),
    )
    expect((await read({ token: old })).reason).not.toBe('token')
    await expectReplica(old)
  })

  async function writeOf(tenant: typeof TENANT_B): Promise<string> {
    let given = ''
    const onToken = (token: string) => {
      given = token
    }
    await db.tenant(tenant, { subject: 'nurse', onToken }).query(INSERT)
    return given
  }
})

/** The end of the page before. */
function formatBoundary(lsn: bigint): string {
  const end = lsn - (lsn % 8_192n)
  return `${(end >> 32n).toString(16)}/${(end & 0xffff_ffffn).toString(16)}`
}

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommitUnknownError, createLeasehold, type Leasehold, receiptTableSql } from '../../src/index.ts'
import { startToxicProxy, type ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { startRig } from '../../src/testing/rig/start-rig.ts'
import { createAppRoles, fill, NOTES_SCHEMA, TENANT_A } from '../support/notes.ts'

/** A process that is dead, but that its parent has not asked for, counts as alive. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const INSERT = `insert into notes (body) values ('x')`

describe('what became of a write, on a server that went through crash recovery', () => {
  let rig: Rig
  let proxy: ToxicProxy
  let db: Leasehold

  beforeAll(async () => {
    rig = await startRig({ standbys: 0, redis: false })
    await createAppRoles(rig.primary.adminUrl())
    await fill(rig.primary.adminUrl(), `${NOTES_SCHEMA} ${receiptTableSql()}`)
    proxy = await startToxicProxy({ target: rig.primary })
    db = createLeasehold({
      primary: { host: proxy.host, port: proxy.port, user: 'app', database: 'postgres', max: 2 },
    })
  })

  afterAll(async () => {
    await db.close()
    await proxy.close()
    await rig.stop()
  })

  const ask = async <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row> => {
    const client = new pg.Client({ connectionString: rig.primary.adminUrl() })
    await client.connect()
    const { rows } = await client.query<Row>(sql, values)
    await client.end()
    if (!rows[0]) throw new Error('no row')
    return rows[0]
  }
  /** ALTER SYSTEM cannot run in a transaction, as which several statements of one text do. */
  const fillOutside = async (...statements: string[]) => {
    for (const statement of statements) await fill(rig.primary.adminUrl(), statement)
  }
  const setting = async (name: string) =>
    (await ask<{ value: string }>('select current_setting($1) as value', [name])).value
  /** Returns when the postmaster has seen it, from when on it lets nobody in until it has recovered. */
  const killBackend = async (pid: number) => {
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 20_000, interval: 5 }).toBe(false)
  }
  /** A transaction that is certain to be lost: its COMMIT never leaves, and its backend is killed while it waits for it. */
  const loseInCrash = async (how: 'a backend' | 'the server', receipt: { receipt?: string }) => {
    await db.tenant(TENANT_A).query('select 1')
    let lost: { xid: string; pid: number } | undefined
    const kill = Promise.withResolvers<void>()
    const call = db.withTenant(
      TENANT_A,
      async (tx) => {
        await tx.query(INSERT)
        const found = await tx.query<{ xid: string; pid: number }>(
          'select pg_current_xact_id_if_assigned()::text as xid, pg_backend_pid() as pid',
        )
        lost = found.rows[0]
        // It is swallowed, so that the client cannot tell it from one whose answer was lost.
        proxy.blackHole('up')
        setTimeout(kill.resolve, 20)
      },
      { ...receipt, timeoutMs: 1_000 },
    )
    const crash = kill.promise.then(async () => {
      if (how === 'the server') return rig.primary.kill()
      if (!lost) throw new Error('no backend to kill')
      await killBackend(lost.pid)
    })
    const [error] = await Promise.all([call.catch((caught: unknown) => caught), crash])
    proxy.blackHole(false)
    proxy.resetAll()
    if (how === 'the server') await rig.primary.restart()
    await expect.poll(() => ask('select 1 as one').catch(() => undefined), { timeout: 20_000 }).toBeDefined()
    if (!(error instanceof CommitUnknownError) || !lost)
      throw new Error('no CommitUnknownError', { cause: error })
    return { error, lost }
  }
  /** Has others commit until the server has handed the id of the lost transaction out again. */
  const reuse = async (xid: string) => {
    for (let next = 0n; next < BigInt(xid); ) {
      const { id } = await ask<{ id: string }>('select pg_current_xact_id()::text as id')
      next = BigInt(id)
    }
    return (await ask<{ status: string }>('select pg_xact_status($1::text::xid8) as status', [xid])).status
  }

  it.each(['a backend', 'the server'] as const)(
    'is not told after %s was killed, though the same id now reads committed',
    // On a busy machine something else may take the id, and give it up.
    { timeout: 30_000, retry: 2 },
    async (how) => {
      const { error, lost } = await loseInCrash(how, {})
      expect(await reuse(lost.xid)).toBe('committed')
      expect(await error.resolve({ timeoutMs: 5_000 })).toBe('unknown')
    },
  )

  it('is told by a receipt all the same', { timeout: 30_000, retry: 2 }, async () => {
    const { error, lost } = await loseInCrash('a backend', { receipt: 'crash' })
    expect(await reuse(lost.xid)).toBe('committed')
    expect(await error.resolve({ timeoutMs: 5_000 })).toBe('aborted')
  })

  it.each<[string, () => Promise<unknown>]>([
    ['a transaction', () => db.withTenant(TENANT_A, (tx) => tx.query(INSERT))],
    ['a batch', () => db.tenant(TENANT_A).query(INSERT)],
  ])('is unknown of %s that stopped waiting for its synchronous standby', async (_what, write) => {
    await fill(rig.primary.adminUrl(), 'truncate notes')
    const reload = 'select pg_reload_conf()'
    await fillOutside("alter system set synchronous_standby_names = 'nobody'", reload)
    await expect.poll(() => setting('synchronous_standby_names')).toBe('nobody')
    const waiting = write().catch((caught: unknown) => caught)
    const cancel = `select count(pg_cancel_backend(pid))::int as n from pg_stat_activity where wait_event = 'SyncRep'`
    await expect.poll(async () => (await ask<{ n: number }>(cancel)).n).toBe(1)
    const error = await waiting
    await fillOutside('alter system reset synchronous_standby_names', reload)
    if (!(error instanceof CommitUnknownError)) throw new Error('no CommitUnknownError', { cause: error })
    expect(await error.resolve()).toBe('unknown')
    expect(await ask('select count(*)::int as n from notes')).toEqual({ n: 1 })
  })
})

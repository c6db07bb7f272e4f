import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  CommitUnknownError,
  createLeasehold,
  type Leasehold,
  type TenantTransaction,
} from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const INSERT = `insert into notes (body) values ('x')`
/** The answer to the next COMMIT, or to the next Sync of a batch, never arrives. */
const LOSE_ANSWER = { direction: 'server', type: 'Z', message: 0, when: 'before', since: 'armed' } as const
/** The next COMMIT never leaves. */
const LOSE_COMMIT = { direction: 'client', type: 'P', message: 0, when: 'before', since: 'armed' } as const

describe.each(TARGETS)('what became of a write, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 3 })
    db = createLeasehold({ primary: target.pool({ max: 3 }) })
  })

  afterEach(async () => {
    target.proxy.clearToxics()
    await target.admin.query('truncate notes, shared_log, parents, children')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const notes = async () => (await target.admin.query('select from notes')).rows.length
  const unknownOf = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => undefined,
      (caught: unknown) => caught,
    )
    if (!(error instanceof CommitUnknownError)) throw new Error('no CommitUnknownError', { cause: error })
    return error
  }
  const transaction = async (cut: typeof LOSE_ANSWER | typeof LOSE_COMMIT, work?: typeof write) => {
    await db.tenant(TENANT_A).query('select 1')
    const call = db.withTenant(TENANT_A, async (tx) => {
      await (work ?? write)(tx)
      void target.proxy.cutAt(cut)
    })
    return unknownOf(call)
  }
  const write = async (tx: TenantTransaction): Promise<unknown> => tx.query(INSERT)

  it('is told of a transaction whose answer was lost', async () => {
    const error = await transaction(LOSE_ANSWER)
    expect(await error.resolve()).toBe('committed')
    expect(await notes()).toBe(1)
  })

  it('is told of a transaction whose COMMIT was lost', async () => {
    const error = await transaction(LOSE_COMMIT)
    expect(await error.resolve()).toBe('aborted')
    expect(await notes()).toBe(0)
  })

  it('is told where the first statements only read, and where the last was in a savepoint', async () => {
    const late = await transaction(LOSE_ANSWER, async (tx) => {
      await tx.query('select 1')
      await tx.batch(['select 1', INSERT])
    })
    expect(await late.resolve()).toBe('committed')
    const nested = await transaction(LOSE_ANSWER, (tx) => tx.savepoint((sp) => sp.query(INSERT)))
    expect(await nested.resolve()).toBe('committed')
    expect(await notes()).toBe(2)
  })

  it('is told of a batch whose ReadyForQuery alone was lost', async () => {
    await db.tenant(TENANT_A).query(INSERT)
    void target.proxy.cutAt(LOSE_ANSWER)
    const error = await unknownOf(db.tenant(TENANT_A).batch([INSERT, INSERT]))
    expect(await error.resolve()).toBe('committed')
    expect(await notes()).toBe(3)
  })

  describe('whose commit takes its time', () => {
    beforeAll(async () => {
      await target.admin.query(
        `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return null; end $$;
         create constraint trigger slow after insert on notes deferrable initially deferred
         for each row execute function slow()`,
      )
    })

    afterAll(() => target.admin.query('drop function slow cascade'))

    it.each<[string, () => Promise<unknown>]>([
      [
        'a batch, of which the answers to its statements were flushed',
        () => db.tenant(TENANT_A).query(INSERT),
      ],
      ['a transaction', () => db.withTenant(TENANT_A, write)],
    ])('is waited for: %s', async (_what, start) => {
      await db.tenant(TENANT_A).query('select 1')
      const running = unknownOf(start())
      await sleep(150)
      target.proxy.resetAll()
      const error = await running
      expect(await notes()).toBe(0)
      expect(await error.resolve()).toBe('committed')
      expect(await notes()).toBe(1)
    })
  })

  it('is not told without the id of the transaction', async () => {
    const error = await transaction(LOSE_ANSWER, (tx) => tx.query('select 1'))
    expect(await error.resolve()).toBe('unknown')
    await db.tenant(TENANT_A).query('select 1')
    void target.proxy.cutAt({ direction: 'client', type: 'S', message: 0, when: 'after', since: 'armed' })
    const batch = await unknownOf(db.tenant(TENANT_A).query(INSERT))
    expect(await batch.resolve()).toBe('unknown')
  })

  it('is not told within a time in which the server cannot be reached', async () => {
    const error = await transaction(LOSE_ANSWER)
    target.proxy.resetAll()
    target.proxy.refuse(true)
    const startedAt = performance.now()
    expect(await error.resolve({ timeoutMs: 200 })).toBe('unknown')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    target.proxy.refuse(false)
    expect(await error.resolve()).toBe('committed')
  })

  it('costs no round trip', async () => {
    await db.tenant(TENANT_A).query(INSERT)
    target.proxy.resetCounts()
    await db.tenant(TENANT_A).query(INSERT)
    expect(target.proxy.counts.roundTrips).toBe(1)
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.query('select 1')
      expect((await tx.query(INSERT)).rowCount).toBe(1)
      expect((await tx.batch([INSERT, 'select 7 as seven'])).map(({ rows }) => rows)).toEqual([
        [],
        [{ seven: 7 }],
      ])
    })
    expect(target.proxy.counts.roundTrips).toBe(5)
  })

  it('does not disturb a role that may not ask for the evidence', async () => {
    await target.admin.query('revoke execute on function pg_catalog.pg_current_wal_lsn() from public')
    const fresh = createLeasehold({ primary: target.pool({ max: 1 }) })
    await fresh.withTenant(TENANT_A, (tx) => tx.query(INSERT))
    await fresh.tenant(TENANT_A).query(INSERT)
    await target.admin.query('grant execute on function pg_catalog.pg_current_wal_lsn() to public')
    await fresh.close()
    expect(await notes()).toBe(2)
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  CommitUnknownError,
  createLeasehold,
  type Leasehold,
  type TenantTransaction,
} from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const COUNT = 'select count(*)::int as n from notes'
const INSERT = `insert into notes (body) values ('x')`
const CONFLICT = `do $$ begin raise exception 'x' using errcode = '40001'; end $$`

describe.each(TARGETS)('a retry, %s', (name) => {
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
  /** Reads, lets the other one read, then writes: of two serializable ones, one fails. */
  const writeSkew = (retry: number | undefined) => {
    const bothHaveRead = Promise.withResolvers<void>()
    let readers = 0
    let attempts = 0
    const work = async (tx: TenantTransaction) => {
      attempts += 1
      await tx.query(COUNT)
      readers += 1
      if (readers === 2) bothHaveRead.resolve()
      await bothHaveRead.promise
      await tx.query(INSERT)
    }
    const options = { isolation: 'serializable', ...(retry === undefined ? {} : { retry }) } as const
    const both = [1, 2].map(() => db.withTenant(TENANT_A, work, options))
    return Promise.allSettled(both).then((outcomes) => ({ outcomes, attempts }))
  }

  it('is not made unless asked for', async () => {
    const { outcomes, attempts } = await writeSkew(undefined)
    const failed = outcomes.filter(({ status }) => status === 'rejected')
    expect(failed).toMatchObject([{ reason: { code: '40001' } }])
    expect([attempts, await notes()]).toEqual([2, 1])
  })

  it('gets both of two serializable transactions through, also when COMMIT is what fails', async () => {
    const { outcomes, attempts } = await writeSkew(5)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect([attempts, await notes()]).toEqual([3, 2])
  })

  it('gets both sides of a deadlock through', async () => {
    await target.admin.query('insert into parents values (1), (2)')
    const bothHaveLocked = Promise.withResolvers<void>()
    let lockers = 0
    const lock = (first: number, second: number) =>
      db.withTenant(
        TENANT_A,
        async (tx) => {
          await tx.query('select from parents where id = $1 for update', [first])
          lockers += 1
          if (lockers === 2) bothHaveLocked.resolve()
          await bothHaveLocked.promise
          await tx.query('select from parents where id = $1 for update', [second])
          await tx.query(INSERT)
        },
        { retry: 3 },
      )
    await Promise.all([lock(1, 2), lock(2, 1)])
    // One of the two is rolled back, and on a busy machine perhaps again.
    expect(lockers).toBeGreaterThanOrEqual(3)
    expect(await notes()).toBe(2)
  })

  it('ends after so many attempts, with the last error, and runs no hook of those that failed', async () => {
    let attempts = 0
    const hooks: number[] = []
    const work = (failures: number) =>
      db.withTenant(
        TENANT_A,
        async (tx) => {
          attempts += 1
          const mine = attempts
          tx.afterCommit(() => void hooks.push(mine))
          await tx.query(INSERT)
          if (mine <= failures) await tx.query(CONFLICT)
        },
        { retry: { attempts: 3, firstPauseMs: 1 } },
      )
    await expect(work(9)).rejects.toMatchObject({ code: '40001' })
    expect([attempts, hooks.length, await notes()]).toEqual([3, 0, 0])
    attempts = 0
    await work(2)
    expect([attempts, hooks, await notes()]).toEqual([3, [3], 1])
  })

  it('is made for the conflict of the transaction, whatever the callback made of the error', async () => {
    let attempts = 0
    const wrapped = db.withTenant(
      TENANT_A,
      async (tx) => {
        attempts += 1
        const failing = tx.query(attempts === 1 ? CONFLICT : INSERT)
        await failing.catch((cause) => Promise.reject(new Error('mine', { cause })))
      },
      { retry: 2 },
    )
    await wrapped
    expect([attempts, await notes()]).toEqual([2, 1])
  })

  it('is not made for what a savepoint has undone, nor for other errors', async () => {
    let attempts = 0
    const work = (last: (tx: TenantTransaction) => unknown) =>
      db.withTenant(
        TENANT_A,
        async (tx) => {
          attempts += 1
          await tx.savepoint((sp) => sp.query(CONFLICT)).catch(() => {})
          await last(tx)
        },
        { retry: 3 },
      )
    const mine = new Error('mine')
    await expect(work(() => Promise.reject(mine))).rejects.toBe(mine)
    await expect(work((tx) => tx.query('select 1/0'))).rejects.toMatchObject({ code: '22012' })
    expect(attempts).toBe(2)
  })

  it('is made by the outermost call only', async () => {
    let [outer, inner] = [0, 0]
    const nested = db.withTenant(TENANT_A, async (tx) => {
      outer += 1
      await tx.query(INSERT)
      const asked = (joined: TenantTransaction) => {
        inner += 1
        return joined.query(CONFLICT)
      }
      await db.withTenant(TENANT_A, asked, { retry: 3 })
    })
    await expect(nested).rejects.toMatchObject({ code: '40001' })
    expect([outer, inner]).toEqual([1, 1])
  })

  it('is never made once the outcome of a commit is unknown', async () => {
    await db.tenant(TENANT_A).query('select 1')
    let attempts = 0
    const lost = db.withTenant(
      TENANT_A,
      async (tx) => {
        attempts += 1
        await tx.query(INSERT)
        await tx.query(CONFLICT).catch(() => {})
        const cut = { direction: 'server', type: 'C', message: 0, when: 'before', since: 'armed' } as const
        void target.proxy.cutAt(cut)
      },
      { retry: 3 },
    )
    const error: unknown = await lost.catch((caught: unknown) => caught)
    if (!(error instanceof CommitUnknownError)) throw new Error('no CommitUnknownError', { cause: error })
    expect([attempts, await error.resolve(), await notes()]).toEqual([1, 'aborted', 0])
  })

  it('is not waited for beyond the deadline of the call', async () => {
    const startedAt = performance.now()
    const work = db.withTenant(TENANT_A, (tx) => tx.query(CONFLICT), {
      timeoutMs: 200,
      retry: { attempts: 100, firstPauseMs: 60_000, longestPauseMs: 60_000 },
    })
    await expect(work).rejects.toMatchObject({ code: expect.stringMatching(/^(40001|LSH_ERR_DEADLINE)$/) })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('waits for a safe snapshot in a deferrable transaction', async () => {
    const options = { readOnly: true, isolation: 'serializable', deferrable: true } as const
    const { rows } = await db.withTenant(
      TENANT_A,
      (tx) => tx.query(`select current_setting('transaction_deferrable') as deferrable`),
      options,
    )
    expect(rows).toEqual([{ deferrable: 'on' }])
    const wrong = db.withTenant(TENANT_A, () => 1, { ...options, isolation: 'repeatable read' })
    await expect(wrong).rejects.toMatchObject({ code: 'LSH_ERR_CONFIG' })
  })
})

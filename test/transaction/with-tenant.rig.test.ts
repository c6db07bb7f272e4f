import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ClosedError,
  CommitUnknownError,
  ConnectionLostError,
  createLeasehold,
  DeadlineError,
  FloatingQueryError,
  ForbiddenStatementError,
  type Leasehold,
  NestingError,
  PoisonedBackendError,
  TenantMismatchError,
  type TenantTransaction,
  TransactionAbortedError,
  withTenant,
} from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const COUNT = 'select count(*)::int as n from notes'
const INSERT = `insert into notes (body) values ('x')`

describe.each(TARGETS)('a transaction, %s', (name) => {
  let target: Target
  let pool: pg.Pool
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    pool = target.pool({ max: 2 })
    db = createLeasehold({ primary: pool, settings: ['app.user_id'] })
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
  const roundTrips = async (work: () => Promise<unknown>) => {
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.resetCounts()
    await work()
    return target.proxy.counts.roundTrips
  }

  it.each([1, 2, 5])('costs n + 1 round trips for %i statements', async (n) => {
    const work = () =>
      db.withTenant(TENANT_A, async (tx) => {
        for (let i = 0; i < n; i += 1) await tx.query(INSERT)
      })
    expect(await roundTrips(work)).toBe(n + 1)
    expect(await notes()).toBe(n)
  })

  it('sends statements that are issued together in one flush', async () => {
    const work = () =>
      db.withTenant(TENANT_A, async (tx) => {
        await tx.query('select 1')
        const answers = await Promise.all([1, 2, 3].map((i) => tx.query('select $1::int as i', [i])))
        expect(answers.map(({ rows }) => rows)).toEqual([[{ i: 1 }], [{ i: 2 }], [{ i: 3 }]])
      })
    expect(await roundTrips(work)).toBe(3)
  })

  it('takes no connection for a callback without a query', async () => {
    const idle = createLeasehold({ primary: target.poolOptions({ max: 1 }) })
    target.proxy.resetCounts()
    expect(await idle.withTenant(TENANT_A, () => 7)).toBe(7)
    expect(target.proxy.counts.connections).toBe(0)
    await idle.close()
  })

  it('holds the tenant for every statement, and nothing behind it', async () => {
    await db.tenant(TENANT_B).query(INSERT)
    const seen = await db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      await tx.query(INSERT)
      return (await tx.query(COUNT)).rows
    })
    expect(seen).toEqual([{ n: 2 }])
    const client = await target.connect()
    const { rows } = await client.query(
      `select coalesce(current_setting('app.tenant_id', true), '') as tenant`,
    )
    expect(rows).toEqual([{ tenant: '' }])
  })

  it('rolls back when the callback throws, and rethrows its error', async () => {
    const mine = new Error('mine')
    const failing = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      throw mine
    })
    await expect(failing).rejects.toBe(mine)
    expect(await notes()).toBe(0)
  })

  it('does not report success when an error was swallowed and PostgreSQL rolled back', async () => {
    const swallowing = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      await tx.query('select 1/0').catch(() => {})
    })
    await expect(swallowing).rejects.toThrow(TransactionAbortedError)
    await expect(swallowing).rejects.toMatchObject({ cause: { code: '22012' } })
    expect(await notes()).toBe(0)
  })

  it('reports a deferred constraint that fails at commit', async () => {
    const orphan = db.withTenant(TENANT_A, (tx) => tx.query('insert into children values (5)'))
    await expect(orphan).rejects.toMatchObject({ code: '23503' })
  })

  it('refuses a procedure that commits', async () => {
    const call = db.withTenant(TENANT_A, (tx) => tx.query('call committing()'))
    await expect(call).rejects.toMatchObject({ code: '2D000' })
  })

  it.each(['commit', '/* x */ begin', ';rollback', 'savepoint s', 'set role app', 'copy notes to stdout'])(
    'refuses %j before any byte is sent',
    async (text) => {
      const work = () =>
        db.withTenant(TENANT_A, async (tx) => {
          await expect(tx.query(text)).rejects.toThrow(ForbiddenStatementError)
          await expect(db.tenant(TENANT_A).query(text)).rejects.toThrow(ForbiddenStatementError)
          await expect(tx.batch(['select 1', text])).rejects.toThrow(ForbiddenStatementError)
          await expect(db.tenant(TENANT_A).batch(['select 1', text])).rejects.toThrow(ForbiddenStatementError)
        })
      expect(await roundTrips(work)).toBe(0)
    },
  )

  it('revokes its handle: afterwards nothing reaches the server', async () => {
    let leaked: TenantTransaction | undefined
    const work = async () => {
      await db.withTenant(TENANT_A, async (tx) => {
        leaked = tx
        await tx.query('select 1')
      })
      await expect(leaked?.query(INSERT)).rejects.toThrow(ClosedError)
      await expect(leaked?.batch([INSERT])).rejects.toThrow(ClosedError)
    }
    expect(await roundTrips(work)).toBe(2)
  })

  it('revokes the handle of an inner call while the outer one goes on', async () => {
    await db.withTenant(TENANT_A, async (outer) => {
      let leaked: TenantTransaction | undefined
      await db.withTenant(TENANT_A, async (inner) => {
        leaked = inner
        await inner.query(COUNT)
      })
      await expect(leaked?.query(INSERT)).rejects.toThrow(ClosedError)
      expect((await outer.query(COUNT)).rows).toEqual([{ n: 0 }])
    })
  })

  it('rolls back when a query still runs as the callback settles', async () => {
    const floating = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      void tx.query('select pg_sleep(0.05)')
    })
    await expect(floating).rejects.toThrow(FloatingQueryError)
    expect(await notes()).toBe(0)
  })

  it('rolls back when the first query still runs as the callback settles', async () => {
    const floating = db.withTenant(TENANT_A, (tx) => void tx.query(INSERT))
    await expect(floating).rejects.toThrow(FloatingQueryError)
    expect(await notes()).toBe(0)
  })

  it('joins the transaction of the same tenant around it', async () => {
    const work = () =>
      db.withTenant(TENANT_A, async (outer) => {
        await outer.query(INSERT)
        const seen = await db.withTenant(TENANT_A, (inner) => inner.query(COUNT))
        expect(seen.rows).toEqual([{ n: 1 }])
      })
    expect(await roundTrips(work)).toBe(3)
    expect(await notes()).toBe(1)
  })

  it('refuses a transaction of another tenant inside it, and leaves the outer one to decide', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      await expect(db.withTenant(TENANT_B, () => 1)).rejects.toThrow(TenantMismatchError)
    })
    expect(await notes()).toBe(1)
  })

  it('refuses to join in another mode', async () => {
    await db.withTenant(
      TENANT_A,
      async () => {
        await expect(db.withTenant(TENANT_A, () => 1)).rejects.toThrow(NestingError)
      },
      { readOnly: true },
    )
    await db.withTenant(TENANT_A, async () => {
      const serializable = db.withTenant(TENANT_A, () => 1, { isolation: 'serializable' })
      await expect(serializable).rejects.toThrow(NestingError)
      const others = db.withTenant(TENANT_A, () => 1, { settings: { 'app.user_id': 'other' } })
      await expect(others).rejects.toThrow(NestingError)
    })
  })

  it('cannot be committed once an inner call has failed, even if that was swallowed', async () => {
    const swallowing = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      const inner = db.withTenant(TENANT_A, () => {
        throw new Error('inner')
      })
      await inner.catch(() => {})
    })
    await expect(swallowing).rejects.toThrow(TransactionAbortedError)
    expect(await notes()).toBe(0)
  })

  it('is not joined any more once it has ended', async () => {
    let later: Promise<unknown> | undefined
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.query('select 1')
      later = new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
        db.withTenant(TENANT_B, (inner) => inner.query(INSERT)),
      )
    })
    await later
    expect(await notes()).toBe(1)
  })

  it('is lost as a whole, and may be repeated, when the connection is lost before COMMIT was sent', async () => {
    const lost = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      target.proxy.resetAll()
      await tx.query(INSERT)
    })
    await expect(lost).rejects.toThrow(ConnectionLostError)
    await expect.poll(notes).toBe(0)
  })

  it('is reported as unknown when the answer to COMMIT is lost, and the row is there', async () => {
    await db.tenant(TENANT_A).query('select 1')
    const lost = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      void target.proxy.cutAt({
        direction: 'server',
        type: 'C',
        message: 0,
        when: 'before',
        since: 'armed',
      })
    })
    await expect(lost).rejects.toThrow(CommitUnknownError)
    expect(await notes()).toBe(1)
  })

  it('destroys the connection when ROLLBACK gets no answer, and keeps the error of the callback', async () => {
    const mine = new Error('mine')
    const failing = db.withTenant(
      TENANT_A,
      async (tx) => {
        await tx.query(INSERT)
        target.proxy.blackHole(true)
        throw mine
      },
      { timeoutMs: 400 },
    )
    await expect(failing).rejects.toBe(mine)
    target.proxy.clearToxics()
    target.proxy.resetAll()
    await expect.poll(notes).toBe(0)
    expect((await db.tenant(TENANT_A).query(COUNT)).rows).toEqual([{ n: 0 }])
  })

  it('ends at its deadline when the callback hangs, and gives its connection up', async () => {
    const startedAt = performance.now()
    let hanging: TenantTransaction | undefined
    const hung = db.withTenant(
      TENANT_A,
      async (tx) => {
        hanging = tx
        await tx.query(INSERT)
        await new Promise(() => {})
      },
      { timeoutMs: 300 },
    )
    await expect(hung).rejects.toThrow(DeadlineError)
    expect(performance.now() - startedAt).toBeLessThan(400)
    await expect(hanging?.query('select 1')).rejects.toThrow(ClosedError)
    await expect.poll(notes).toBe(0)
    await expect.poll(() => target.idleInTransaction()).toBe(0)
  })

  it('runs nothing on a poisoned backend', async () => {
    const pid = await target.poison(pool, `select set_config('app.tenant_id', '${TENANT_B}', false)`)
    const insert = `insert into shared_log values ('x')`
    let written = 0
    let refusal: unknown
    // Behind a pooler the other backend may be given first.
    for (let attempt = 0; attempt < 10 && !refusal; attempt += 1) {
      const both = await Promise.allSettled(
        [1, 2].map(() => db.withTenant(TENANT_A, (tx) => tx.query(insert))),
      )
      written += both.filter(({ status }) => status === 'fulfilled').length
      refusal = both.find((one) => one.status === 'rejected')?.reason
    }
    expect(refusal).toBeInstanceOf(PoisonedBackendError)
    await expect.poll(() => target.backendIsAlive(pid), { timeout: 5_000 }).toBe(false)
    expect((await target.admin.query('select from shared_log')).rows).toHaveLength(written)
  })

  it('works over a pool of the user, whose clients come back as they were', async () => {
    const pool = target.pool({ max: 1 })
    const { rows } = await withTenant(pool, TENANT_A, (tx) => tx.query(COUNT))
    expect(rows).toEqual([{ n: 0 }])
    const client = await pool.connect()
    const { pipeline } = client as unknown as { pipeline: boolean }
    const answer = await client.query('select 1 as one')
    client.release()
    expect(pipeline).toBe(false)
    expect(answer.rows).toEqual([{ one: 1 }])
    expect(pool.totalCount).toBe(1)
  })

  it('rejects, rather than throws, on a bad tenant id', async () => {
    const rejected = db.withTenant('nobody' as never, () => 1)
    await expect(rejected).rejects.toMatchObject({ code: 'LSH_ERR_TENANT_INVALID' })
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  AfterCommitError,
  ClosedError,
  CommitUnknownError,
  createLeasehold,
  type Leasehold,
  type TenantTransaction,
  TransactionAbortedError,
} from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const INSERT = `insert into notes (body) values ('x')`

describe.each(TARGETS)('the hooks of a transaction, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    db = createLeasehold({ primary: target.pool({ max: 2 }) })
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

  it('after the commit run in order, each awaited, when the row is there and the connection is free', async () => {
    const seen: unknown[] = []
    await db.withTenant(TENANT_A, async (tx) => {
      tx.afterCommit(async () => {
        await sleep(5)
        seen.push(await notes(), target.leasesOut())
      })
      await tx.query(INSERT)
      tx.afterCommit(() => seen.push('second'))
      expect(seen).toEqual([])
    })
    expect(seen).toEqual([1, 0, 'second'])
  })

  it('after the commit run also where nothing was sent, and behind a read', async () => {
    const runs: number[] = []
    const work = async (tx: Pick<TenantTransaction, 'afterCommit'>) => tx.afterCommit(() => void runs.push(1))
    await db.withTenant(TENANT_A, work)
    await db.withTenant(
      TENANT_A,
      async (tx) => {
        await tx.query('select 1')
        await work(tx)
      },
      { readOnly: true },
    )
    expect(runs.length).toBe(2)
  })

  it('after the commit never run when it was rolled back', async () => {
    const runs: number[] = []
    const register = (tx: TenantTransaction) => tx.afterCommit(() => void runs.push(1))
    const thrown = db.withTenant(TENANT_A, async (tx) => {
      register(tx)
      await tx.query(INSERT)
      throw new Error('mine')
    })
    await expect(thrown).rejects.toThrow('mine')
    const swallowed = db.withTenant(TENANT_A, async (tx) => {
      register(tx)
      await tx.query('select 1/0').catch(() => {})
    })
    await expect(swallowed).rejects.toThrow(TransactionAbortedError)
    const deferred = db.withTenant(TENANT_A, async (tx) => {
      register(tx)
      await tx.query('insert into children values (5)')
    })
    await expect(deferred).rejects.toMatchObject({ code: '23503' })
    expect(runs.length).toBe(0)
  })

  it('after the commit never run when its answer was lost, though the row is there', async () => {
    await db.tenant(TENANT_A).query('select 1')
    const runs: number[] = []
    const lost = db.withTenant(TENANT_A, async (tx) => {
      tx.afterCommit(() => void runs.push(1))
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
    await expect.poll(notes).toBe(1)
    expect(runs.length).toBe(0)
  })

  it('after the commit all run when one fails, and the error says that the transaction is committed', async () => {
    const first = new Error('first')
    const runs: number[] = []
    const failing = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      tx.afterCommit(() => {
        throw first
      })
      tx.afterCommit(() => void runs.push(1))
      return 7
    })
    await expect(failing).rejects.toThrow(AfterCommitError)
    await expect(failing).rejects.toMatchObject({ cause: first, errors: [first], value: 7, retryable: false })
    expect([runs.length, await notes()]).toEqual([1, 1])
  })

  it('after the commit are all started, and no longer awaited at the deadline', async () => {
    const runs: number[] = []
    const startedAt = performance.now()
    const hanging = db.withTenant(
      TENANT_A,
      (tx) => {
        tx.afterCommit(() => new Promise(() => {}))
        tx.afterCommit(() => void runs.push(1))
      },
      { timeoutMs: 150 },
    )
    await expect(hanging).rejects.toThrow(AfterCommitError)
    expect(runs.length).toBe(1)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('before the commit write in the same transaction, one round trip for each statement, and may add others', async () => {
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.resetCounts()
    await db.withTenant(TENANT_A, async (tx) => {
      tx.beforeCommit(async (late) => {
        await late.query(INSERT)
        late.beforeCommit((later) => later.query(INSERT))
      })
      await tx.query(INSERT)
    })
    expect(target.proxy.counts.roundTrips).toBe(4)
    expect(await notes()).toBe(3)
  })

  it('before the commit roll it back by what they throw', async () => {
    const mine = new Error('mine')
    const refused = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      tx.beforeCommit(() => {
        throw mine
      })
    })
    await expect(refused).rejects.toBe(mine)
    expect(await notes()).toBe(0)
  })

  it('before the commit do not run when only a rollback is left, so that the error names its cause', async () => {
    const runs: number[] = []
    const swallowed = db.withTenant(TENANT_A, async (tx) => {
      tx.beforeCommit(() => void runs.push(1))
      await tx.query('select 1/0').catch(() => {})
    })
    await expect(swallowed).rejects.toMatchObject({ code: 'LSH_ERR_TX_ABORTED', cause: { code: '22012' } })
    expect(runs.length).toBe(0)
  })

  it('of an inner call run when the outermost transaction commits', async () => {
    const seen: string[] = []
    await db.withTenant(TENANT_A, async (tx) => {
      await db.withTenant(TENANT_A, (inner) => {
        inner.beforeCommit(() => void seen.push('before'))
        inner.afterCommit(() => void seen.push('after'))
      })
      await tx.query(INSERT)
      seen.push('outer')
    })
    expect(seen).toEqual(['outer', 'before', 'after'])
  })

  it('cannot be added once the callback has settled', async () => {
    let kept: TenantTransaction | undefined
    await db.withTenant(TENANT_A, (tx) => {
      kept = tx
    })
    expect(() => kept?.afterCommit(() => {})).toThrow(ClosedError)
    expect(() => kept?.beforeCommit(() => {})).toThrow(ClosedError)
    await expect(kept?.savepoint(() => 1)).rejects.toThrow(ClosedError)
  })
})

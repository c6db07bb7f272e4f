import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createLeasehold,
  FloatingQueryError,
  type Leasehold,
  NestingError,
  type TenantTransaction,
  TransactionAbortedError,
} from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const insert = (body: string) => ({ text: 'insert into notes (body) values ($1)', values: [body] })
const TENANT = `select current_setting('app.tenant_id') as tenant`

describe.each(TARGETS)('a savepoint, %s', (name) => {
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

  const bodies = async () => {
    const { rows } = await target.admin.query<{ body: string }>('select body from notes order by id')
    return rows.map(({ body }) => body).join('')
  }
  const failing = async (tx: TenantTransaction, body: string) => {
    await tx.query(insert(body))
    throw new Error(body)
  }

  it('keeps what succeeds, and costs no round trip', async () => {
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.resetCounts()
    const value = await db.withTenant(TENANT_A, async (tx) => {
      await tx.query(insert('a'))
      const inner = await tx.savepoint(async (sp) => {
        await sp.query(insert('b'))
        await sp.savepoint((deeper) => deeper.query(insert('c')))
        return 7
      })
      await tx.query(insert('d'))
      return inner
    })
    expect(value).toBe(7)
    expect(target.proxy.counts.roundTrips).toBe(5)
    expect(await bodies()).toBe('abcd')
  })

  it('undoes what fails, rethrows, and lets the transaction go on with its tenant', async () => {
    const seen = await db.withTenant(TENANT_A, async (tx) => {
      await tx.query(insert('a'))
      await expect(tx.savepoint((sp) => failing(sp, 'b'))).rejects.toThrow('b')
      await expect(tx.savepoint((sp) => sp.query('select 1/0'))).rejects.toMatchObject({ code: '22012' })
      await tx.query(insert('c'))
      return (await tx.query(TENANT)).rows
    })
    expect(seen).toEqual([{ tenant: TENANT_A }])
    expect(await bodies()).toBe('ac')
  })

  it('may come first in the transaction, and without any statement', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.savepoint(() => 1)
      await expect(
        tx.savepoint(() => {
          throw new Error('mine')
        }),
      ).rejects.toThrow('mine')
      await expect(tx.savepoint((sp) => sp.query('select 1/0'))).rejects.toMatchObject({ code: '22012' })
      await tx.savepoint((sp) => sp.query(insert('a')))
    })
    expect(await bodies()).toBe('a')
  })

  it('is undone to the right depth', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.savepoint(async (one) => {
        await one.query(insert('a'))
        await one
          .savepoint(async (two) => {
            await two.savepoint((three) => three.query(insert('b')))
            throw new Error('two')
          })
          .catch(() => {})
        await one.query(insert('c'))
      })
      await tx
        .savepoint(async (one) => {
          await one.savepoint((two) => two.query(insert('d')))
          throw new Error('one')
        })
        .catch(() => {})
      await tx.query(insert('e'))
    })
    expect(await bodies()).toBe('ace')
  })

  it('does not take in what was issued before it', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      const before = [tx.query(insert('a')), tx.query(insert('b'))]
      await tx.savepoint((sp) => failing(sp, 'c')).catch(() => {})
      await Promise.all(before)
    })
    expect(await bodies()).toBe('ab')
  })

  it('is refused beside another one of the same transaction', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      const both = [tx.savepoint((sp) => sp.query(insert('a'))), tx.savepoint((sp) => sp.query(insert('b')))]
      const [one, two] = await Promise.allSettled(both)
      expect(one?.status).toBe('fulfilled')
      expect(two).toMatchObject({ reason: expect.any(NestingError) })
      const joined = tx.savepoint(async () => db.withTenant(TENANT_A, (inner) => inner.savepoint(() => 1)))
      expect(await joined).toBe(1)
    })
    expect(await bodies()).toBe('a')
  })

  it('cannot be kept when an error was swallowed in it, or an inner call had failed in it', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      const swallowing = tx.savepoint(async (sp) => {
        await sp.query(insert('a'))
        await sp.query('select 1/0').catch(() => {})
      })
      await expect(swallowing).rejects.toThrow(TransactionAbortedError)
      await expect(swallowing).rejects.toMatchObject({ cause: { code: '22012' } })
      const joining = tx.savepoint(async () => {
        await db.withTenant(TENANT_A, (inner) => failing(inner, 'b')).catch(() => {})
      })
      await expect(joining).rejects.toThrow(TransactionAbortedError)
      await tx.query(insert('c'))
    })
    expect(await bodies()).toBe('c')
  })

  it('takes the hooks with it that were added since', async () => {
    const seen: string[] = []
    await db.withTenant(TENANT_A, async (tx) => {
      tx.afterCommit(() => seen.push('a'))
      const undone = tx.savepoint(async (sp) => {
        sp.beforeCommit(() => seen.push('b'))
        sp.afterCommit(() => seen.push('b'))
        await failing(sp, 'b')
      })
      await undone.catch(() => {})
      await tx.savepoint((sp) => sp.afterCommit(() => seen.push('c')))
    })
    expect(seen).toEqual(['a', 'c'])
  })

  it('whose query still runs when its callback settles has the whole transaction rolled back', async () => {
    const floating = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(insert('a'))
      await tx.savepoint((sp) => void sp.query(insert('b'))).catch(() => {})
    })
    await expect(floating).rejects.toMatchObject({ cause: expect.any(FloatingQueryError) })
    expect(await bodies()).toBe('')
  })

  it('that nobody awaits has the whole transaction rolled back', async () => {
    const floating = db.withTenant(TENANT_A, async (tx) => {
      await tx.query(insert('a'))
      void tx.savepoint((sp) => sp.query(insert('b')))
    })
    await expect(floating).rejects.toThrow(FloatingQueryError)
    expect(await bodies()).toBe('')
  })
})

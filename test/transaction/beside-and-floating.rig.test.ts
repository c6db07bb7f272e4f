import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, FloatingQueryError, type Leasehold, NestingError } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, type Target } from '../support/target.ts'

const INSERT = `insert into notes (body) values ('x')`

describe('work that runs beside what decides over it', () => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget('pgbouncer 1.24', { poolSize: 2 })
    db = createLeasehold({ primary: target.pool({ max: 2 }) })
  })

  afterEach(() => target.admin.query('truncate notes'))

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const notes = async () => (await target.admin.query('select from notes')).rows.length

  it('is refused around an open savepoint, whose undoing would undo it after it was acknowledged', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.query('select 1')
      const open = Promise.withResolvers<void>()
      const undone = tx.savepoint(async (inner) => {
        await inner.query(INSERT)
        await open.promise
        throw new Error('undo')
      })
      await new Promise((resolve) => setTimeout(resolve, 20))
      await expect(tx.query(INSERT)).rejects.toThrow(NestingError)
      expect(() => tx.afterCommit(() => {})).toThrow(NestingError)
      open.resolve()
      await expect(undone).rejects.toThrow('undo')
      await tx.query(INSERT)
    })
    expect(await notes()).toBe(1)
  })

  it('rolls everything back when a joined call still runs as the callback settles', async () => {
    let inner: Promise<unknown> | undefined
    const outer = db.withTenant(TENANT_A, async (tx) => {
      await tx.query('select 1')
      inner = db.withTenant(TENANT_A, async (joined) => {
        await joined.query(INSERT)
        await new Promise((resolve) => setTimeout(resolve, 30))
        await joined.query(INSERT)
      })
      inner.catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 10))
    })
    await expect(outer).rejects.toThrow(FloatingQueryError)
    await expect(inner).rejects.toThrow()
    expect(await notes()).toBe(0)
  })
})

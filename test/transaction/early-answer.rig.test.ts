import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

describe.each(TARGETS)('a transaction that reads, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    db = createLeasehold({ primary: target.pool({ max: 2 }) })
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  /** Withholds every answer from the moment when the callback has its value. */
  const readAndGoSilent = (options: Parameters<Leasehold['withTenant']>[2], hook?: () => void) =>
    db.withTenant(
      TENANT_A,
      async (tx) => {
        const { rows } = await tx.query('select 1 as one')
        if (hook) tx.afterCommit(hook)
        target.proxy.latency({ downMs: 500 })
        return rows
      },
      { readOnly: true, timeoutMs: 1_000, ...options } as never,
    )

  it('is answered before its COMMIT is, and gives its connection back behind it', async () => {
    const startedAt = performance.now()
    expect(await readAndGoSilent({ isolation: 'repeatable read' })).toEqual([{ one: 1 }])
    expect(performance.now() - startedAt).toBeLessThan(400)
    expect(target.leasesOut()).toBe(1)
    await expect.poll(() => target.leasesOut()).toBe(0)
    expect(await target.idleInTransaction()).toBe(0)
    target.proxy.clearToxics()
  })

  it('has its answer, and no unhandled rejection, when the connection is lost behind it', async () => {
    const unhandled: unknown[] = []
    const listener = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', listener)
    expect(await readAndGoSilent({})).toEqual([{ one: 1 }])
    target.proxy.resetAll()
    await expect.poll(() => target.leasesOut()).toBe(0)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
    target.proxy.clearToxics()
  })

  it.each([
    ['is serializable, which can fail at COMMIT', { isolation: 'serializable' }, undefined],
    ['has somebody wait for its commit', {}, () => {}],
  ] as const)('is answered after its COMMIT where it %s', async (_why, options, hook) => {
    const startedAt = performance.now()
    await readAndGoSilent(options, hook)
    expect(performance.now() - startedAt).toBeGreaterThan(480)
    expect(target.leasesOut()).toBe(0)
    target.proxy.clearToxics()
  })

  it('rejects where an error of a statement was swallowed', async () => {
    const swallowing = db.withTenant(TENANT_A, (tx) => tx.query('select 1/0').catch(() => {}), {
      readOnly: true,
    })
    await expect(swallowing).rejects.toMatchObject({ code: 'LSH_ERR_TX_ABORTED', cause: { code: '22012' } })
  })
})

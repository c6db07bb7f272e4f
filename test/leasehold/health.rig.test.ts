import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const LEEWAY_MS = 100

describe.each(TARGETS)('health, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    db = createLeasehold({ primary: target.poolOptions({ max: 1 }) })
  })

  afterAll(async () => {
    await db.close({ drainMs: 0 })
    await target.close()
  })

  const healthOf = async (of: Leasehold, timeoutMs: number) => {
    const startedAt = performance.now()
    const health = await of.health({ timeoutMs })
    expect(performance.now() - startedAt).toBeLessThan(timeoutMs + LEEWAY_MS)
    return health
  }

  it('is good when the server answers, and shows the pool', async () => {
    const health = await healthOf(db, 2_000)
    expect(health).toEqual({
      ok: true,
      primary: { ok: true, latencyMs: expect.any(Number) },
      pool: expect.objectContaining({ capacity: 1, inUse: 0, total: 1, acquired: 1 }),
    })
    expect(health.primary.latencyMs).toBeGreaterThan(0)
    expect(db.pool()).toMatchObject({ capacity: 1, total: 1, longestQueues: [] })
  })

  it('is bad in time, with the code of the reason, in a black hole', async () => {
    target.proxy.blackHole(true)
    const health = await healthOf(db, 200)
    target.proxy.clearToxics()
    expect(health).toMatchObject({ ok: false, primary: { ok: false, code: 'LSH_ERR_DEADLINE' } })
    expect((await healthOf(db, 2_000)).ok).toBe(true)
  })

  it('is bad when all connections are taken', async () => {
    const health = await db.withTenant(TENANT_A, async (tx) => {
      await tx.query('select 1')
      return healthOf(db, 100)
    })
    expect(health).toMatchObject({
      ok: false,
      primary: { code: expect.stringMatching(/ACQUIRE_TIMEOUT|DEADLINE/) },
      pool: { inUse: 1 },
    })
  })

  it('is bad, and throws nothing, where nobody listens, after close, and with a senseless limit', async () => {
    const nowhere = createLeasehold({ primary: { host: '127.0.0.1', port: 1 } })
    expect((await healthOf(nowhere, 1_000)).primary.code).toBe('LSH_ERR_CONNECT')
    await nowhere.close()
    expect((await healthOf(nowhere, 1_000)).primary.code).toBe('LSH_ERR_CLOSED')
    expect((await db.health({ timeoutMs: Number.NaN })).primary.code).toBe('LSH_ERR_CONFIG')
  })
})

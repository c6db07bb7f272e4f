import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ClosedError,
  ConfigError,
  createLeasehold,
  ForEachTenantError,
  type Leasehold,
  ScopeRequiredError,
  type TenantId,
  uuid,
} from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const INSERT = 'insert into notes (body) values ($1)'
const tenants = Array.from({ length: 40 }, (_, index) =>
  uuid(`00000000-0000-4000-8000-${String(index).padStart(12, '0')}`),
)

describe.each(TARGETS)('work for each tenant, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 3 })
    db = createLeasehold({ primary: target.pool({ max: 3 }) })
  })

  afterEach(async () => {
    await target.admin.query('truncate notes')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const owners = async () => {
    const { rows } = await target.admin.query('select tenant_id, body from notes order by 1')
    return rows as { tenant_id: string; body: string }[]
  }

  it('is a transaction of each, over fewer connections than run at a time', async () => {
    await db.forEachTenant(tenants, { concurrency: 8 }, async (tx, id) => {
      await tx.query(INSERT, [id])
    })
    expect(await owners()).toEqual(tenants.map((id) => ({ tenant_id: id, body: id })))
  })

  it('is rolled back for the tenants for whom it fails, and committed for the others', async () => {
    async function* source(): AsyncGenerator<TenantId> {
      yield* tenants
    }
    const failing = new Set([3, 17].map((index) => tenants[index]))
    const run = db.forEachTenant(source(), {}, async (tx, id) => {
      await tx.query(INSERT, [id])
      if (failing.has(id)) await tx.query('select 1/0')
    })
    const error = await run.catch((thrown: unknown) => thrown)
    if (!(error instanceof ForEachTenantError)) throw error
    expect(error).toMatchObject({ failed: 2, succeeded: 38, stopped: false })
    expect(error.failures.map(({ index }) => index).sort()).toEqual([17, 3])
    expect(error.failures[0]?.cause).toMatchObject({ code: '22012' })
    expect(await owners()).toHaveLength(38)
  })

  it('takes the options of a transaction', async () => {
    const run = db.forEachTenant([TENANT_A], { readOnly: true }, (tx) => tx.query(INSERT, ['x']))
    await expect(run).rejects.toMatchObject({ cause: { code: '25006' } })
    await expect(db.forEachTenant([], { concurrency: 0 }, () => {})).rejects.toThrow(ConfigError)
  })

  it('is in no scope, so that nothing in it works for another tenant by accident', async () => {
    const run = db.run({ tenant: TENANT_A }, () =>
      db.forEachTenant(tenants.slice(0, 3), {}, () => {
        expect(() => db.current()).toThrow(ScopeRequiredError)
      }),
    )
    await run
  })

  it('ends when the signal is aborted, and when the database object is closed', async () => {
    const controller = new AbortController()
    let started = 0
    const { signal } = controller
    const aborted = db.forEachTenant(tenants, { concurrency: 2, signal }, async (tx) => {
      started += 1
      if (started === 3) controller.abort(new Error('enough'))
      await tx.query('select pg_sleep(0.01)')
    })
    await expect(aborted).rejects.toMatchObject({ code: 'LSH_ERR_FOR_EACH', stopped: true })
    await expect(aborted).rejects.toMatchObject({ cause: { message: 'enough' } })
    expect(started).toBeLessThanOrEqual(4)

    const own = createLeasehold({ primary: target.poolOptions({ max: 2 }) })
    let [done, closing]: [number, Promise<void> | undefined] = [0, undefined]
    const closed = own.forEachTenant(tenants, { concurrency: 2 }, async (tx) => {
      await tx.query('select pg_sleep(0.01)')
      closing ??= own.close()
      await tx.query('select 1')
      done += 1
    })
    await expect(closed).rejects.toThrow(ClosedError)
    await closing
    expect(done).toBe(2)
  })
})

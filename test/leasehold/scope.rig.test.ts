import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createLeasehold,
  type Leasehold,
  NestingError,
  ScopeRequiredError,
  SettingInvalidError,
  TenantInvalidError,
  TenantMismatchError,
} from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const SEEN = `select current_setting('app.tenant_id') as tenant, current_setting('app.user_id') as "user",
  current_setting('app.request_id') as request, current_setting('transaction_read_only') as "readOnly"`

describe.each(TARGETS)('the current tenant, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 4 })
    db = createLeasehold({
      primary: target.poolOptions({ max: 4 }),
      settings: ['app.user_id', 'app.request_id'],
    })
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const see = async () => (await db.current().query(SEEN)).rows[0]

  it('is that of its scope, with its settings, for every one of many callers over few connections', async () => {
    const seen = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const tenant = index % 2 ? TENANT_A : TENANT_B
        const settings = { 'app.user_id': `user-${index}`, 'app.request_id': `request-${index}` }
        return db.run({ tenant, settings }, async () => [await see(), await see()])
      }),
    )
    for (const [index, [first, second]] of seen.entries()) {
      const tenant = index % 2 ? TENANT_A : TENANT_B
      const user = { user: `user-${index}`, request: `request-${index}` }
      expect(first).toEqual({ tenant, ...user, readOnly: 'off' })
      expect(second).toEqual(first)
    }
  })

  it('has transactions that hold its settings too', async () => {
    const settings = { 'app.user_id': 'user-7' }
    const seen = await db.run({ tenant: TENANT_A, settings }, () =>
      db
        .current()
        .transaction()
        .execute(async (tx) => (await tx.query(SEEN)).rows[0]),
    )
    expect(seen).toEqual({ tenant: TENANT_A, user: 'user-7', request: '', readOnly: 'off' })
  })

  it('is read only in a request that reads, and by the caller’s wish', async () => {
    const readOnly = { readOnly: 'on' }
    await db.run({ tenant: TENANT_A, method: 'GET' }, async () => {
      expect(await see()).toMatchObject(readOnly)
      expect(() => db.current({ readOnly: false })).toThrow(NestingError)
      const write = db.current().query("insert into notes (body) values ('x')")
      await expect(write).rejects.toMatchObject({
        code: 'LSH_ERR_WRITE_IN_READ',
        cause: { code: '25006' },
      })
      await db.run({ tenant: TENANT_A, method: 'POST' }, async () => {
        expect(await see()).toMatchObject({ readOnly: 'off' })
        const wished = await db.current({ readOnly: true }).query(SEEN)
        expect(wished.rows).toMatchObject([readOnly])
      })
    })
  })

  it('is not known outside, nor in another database object', async () => {
    expect(() => db.current()).toThrow(ScopeRequiredError)
    const other = createLeasehold({ primary: target.pool() })
    db.run({ tenant: TENANT_A }, () => expect(() => other.current()).toThrow(ScopeRequiredError))
  })

  it('cannot be another tenant inside, nor what is no tenant or no setting', () => {
    const nothing = () => {}
    const inside = () => db.run({ tenant: TENANT_B }, nothing)
    expect(() => db.run({ tenant: TENANT_A }, inside)).toThrow(TenantMismatchError)
    expect(() => db.run({ tenant: '' as never }, nothing)).toThrow('No tenant was given')
    expect(() => db.run({ tenant: 'x' as never }, nothing)).toThrow(TenantInvalidError)
    const settings = { 'app.other': 'x' }
    expect(() => db.run({ tenant: TENANT_A, settings }, nothing)).toThrow(SettingInvalidError)
  })

  it('takes no connection by itself', async () => {
    const idle = createLeasehold({ primary: target.poolOptions() })
    target.proxy.resetCounts()
    expect(await idle.run({ tenant: TENANT_A }, async () => idle.current() !== undefined)).toBe(true)
    expect(target.proxy.counts.connections).toBe(0)
    await idle.close()
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, type Leasehold, TenantMismatchError } from '../../src/index.ts'
import { channelMessages } from '../support/channel-messages.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

describe.each(TARGETS)('work without a tenant, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 1 })
    db = createLeasehold({
      primary: target.pool({ max: 1 }),
      settings: ['app.user_id'],
      admission: { weight: (tenant) => (tenant ? 1 : Number.NaN) },
    })
    await db.tenant(TENANT_A).query("insert into notes (body) values ('of A')")
    await target.admin.query("insert into shared_log values ('of all')")
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  it('sees what is shared, and no row of any tenant, on the connection that a tenant has just used', async () => {
    const notes = 'select body from notes'
    const log = 'select entry from shared_log'
    for (let round = 0; round < 3; round += 1) {
      expect((await db.tenant(TENANT_A).query(notes)).rows).toEqual([{ body: 'of A' }])
      expect((await db.shared().query(notes)).rows).toEqual([])
      const [seen, shared] = await db.shared().batch([notes, log])
      expect([seen?.rows, shared?.rows]).toEqual([[], [{ entry: 'of all' }]])
    }
  })

  it('has the role of the application, and an empty tenant', async () => {
    const { rows } = await db
      .shared()
      .query(
        `select current_user as "user", current_setting('app.tenant_id') as tenant, current_setting('app.user_id') as setting`,
      )
    expect(rows).toEqual([{ user: 'app', tenant: '', setting: '' }])
  })

  it('can write nothing, in a table that is shared neither', async () => {
    const write = db.shared().query("insert into shared_log values ('x')")
    await expect(write).rejects.toMatchObject({ code: '25006' })
    const inTransaction = db
      .shared()
      .transaction()
      .execute((tx) => tx.query("insert into shared_log values ('x')"))
    await expect(inTransaction).rejects.toMatchObject({ code: '25006' })
  })

  it('does not join the transaction of a tenant', async () => {
    const join = () =>
      db
        .shared()
        .transaction()
        .execute(async () => {})
    await expect(db.withTenant(TENANT_A, join)).rejects.toThrow(TenantMismatchError)
  })

  it('is told apart in events by an empty hash', async () => {
    const batches = channelMessages('leasehold:batch')
    await db.shared().query('select 1')
    expect(batches.take()).toMatchObject([{ tenantHash: '', readOnly: true, outcome: 'committed' }])
  })
})

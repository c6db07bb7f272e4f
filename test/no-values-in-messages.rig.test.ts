import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, type Leasehold, LeaseholdError, slug } from '../src/index.ts'
import { channelMessages } from './support/channel-messages.ts'
import { TENANT_A } from './support/notes.ts'
import { openTarget, type Target } from './support/target.ts'

/** Stands for what must never be in a message or an event: as bind value, row, tenant id, setting and text. */
const SECRET = 'canary-7f3a9'

describe('messages and events', () => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget('pgbouncer 1.24', { poolSize: 1 })
    db = createLeasehold({
      primary: target.pool({ max: 1 }),
      tenant: { parse: slug },
      settings: ['app.user_id'],
      acquireTimeoutMs: 300,
    })
    await target.admin.query(`alter table notes disable row level security`)
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const tenant = slug(SECRET)
  const handle = (options = {}) => db.tenant(tenant, { settings: { 'app.user_id': SECRET }, ...options })
  const silently = () => {}

  it.each<[string, () => unknown]>([
    ['a malformed tenant id', () => db.tenant(`${SECRET}!` as never)],
    ['a malformed uuid', () => createLeasehold({ primary: target.pool() }).tenant(SECRET as never)],
    ['a setting with a NUL', () => handle({ settings: { 'app.user_id': `${SECRET}\0` } })],
    ['a setting that is not declared', () => handle({ settings: { [SECRET]: 'x' } })],
    ['a refused text', () => handle().query(`set x.y to '${SECRET}'`)],
    ['a text with a NUL', () => handle().query(`select '${SECRET}\0'`)],
    ['a value that cannot be converted', () => handle().query('select $1', [{ toPostgres: () => fail() }])],
    ['a named statement', () => handle().query({ text: SECRET, name: SECRET } as never)],
    [
      'a swallowed error',
      () => db.withTenant(tenant, (tx) => tx.query('select $1::int', [SECRET]).then(silently, silently)),
    ],
    [
      'a floating query',
      () =>
        db.withTenant(tenant, async (tx) => {
          await tx.query('select $1::text', [SECRET])
          void tx.query('select $1::text, pg_sleep(0.02)', [SECRET])
        }),
    ],
    [
      'a nested other tenant',
      () => db.withTenant(tenant, () => db.withTenant(slug(`${SECRET}-2`), silently)),
    ],
    [
      'a poisoned backend',
      async () => {
        const client = await target.connect()
        await client.query(`select set_config('app.tenant_id', '${SECRET}', false)`)
        await handle().query('select 1')
      },
    ],
    [
      'a lost answer',
      async () => {
        await handle().query('select $1::text', [SECRET])
        void target.proxy.cutAt({
          direction: 'server',
          type: 'Z',
          message: 0,
          when: 'before',
          since: 'armed',
        })
        await handle().query('select $1::text', [SECRET])
      },
    ],
    [
      'no connection in time',
      () => db.withTenant(tenant, (tx) => tx.query('select 1').then(() => handle().query('select 1'))),
    ],
    [
      'a deadline in a callback',
      () =>
        db.withTenant(
          tenant,
          (tx) => tx.query('select $1::text', [SECRET]).then(() => new Promise(silently)),
          {
            timeoutMs: 100,
          },
        ),
    ],
  ])('hold no value after %s', async (_label, provoke) => {
    const events = ['acquire', 'batch', 'transaction', 'alarm'].map((name) =>
      channelMessages(`leasehold:${name}`),
    )
    let error: unknown
    try {
      await provoke()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(LeaseholdError)
    const { message, name, code, stack } = error as LeaseholdError
    expect(inspect({ message, name, code, stack })).not.toContain(SECRET)
    const ownProperties = { ...(error as object), cause: undefined }
    expect(inspect(ownProperties, { depth: 10 })).not.toContain(SECRET)
    expect(
      inspect(
        events.map((channel) => channel.take()),
        { depth: 10 },
      ),
    ).not.toContain(SECRET)
  })

  it('tell how a call ended, and for which tenant by its hash', async () => {
    const batches = channelMessages('leasehold:batch')
    const acquired = channelMessages('leasehold:acquire')
    const transactions = channelMessages('leasehold:transaction')
    await db.tenant(tenant).query('select 1')
    await db.tenant(tenant).query('select 1/0').catch(silently)
    await db.withTenant(tenant, (tx) => tx.query('select 1'), { readOnly: true })
    const tenantHash = expect.stringMatching(/^[0-9a-f]{12}$/)
    expect(batches.take()).toEqual([
      expect.objectContaining({ tenantHash, outcome: 'committed', code: undefined, statements: 1 }),
      expect.objectContaining({ tenantHash, outcome: 'failed', code: '22012', statements: 1 }),
    ])
    expect(transactions.take()).toEqual([
      expect.objectContaining({ tenantHash, outcome: 'committed', readOnly: true, statements: 1 }),
    ])
    expect(acquired.take()).toHaveLength(3)
  })

  it('name the tenant by a hash only, so TENANT_A is in none of them', async () => {
    const batches = channelMessages('leasehold:batch')
    await createLeasehold({ primary: target.pool() }).tenant(TENANT_A).query('select 1')
    expect(inspect(batches.take())).not.toContain(TENANT_A)
  })
})

function fail(): never {
  throw new Error('cannot be converted')
}

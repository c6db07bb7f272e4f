import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ClosedError,
  ConfigError,
  createLeasehold,
  FloatingQueryError,
  type Leasehold,
  NestingError,
  PoisonedBackendError,
  ReasonRequiredError,
  TransactionAbortedError,
} from '../../src/index.ts'
import { channelMessages } from '../support/channel-messages.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { createSystemRole } from '../support/system-role.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const SECRET = 'canary-51c0'

describe.each(TARGETS)('work across tenants, %s', (name) => {
  let target: Target
  let role: Awaited<ReturnType<typeof createSystemRole>>
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    role = await createSystemRole(target)
    db = createLeasehold({
      primary: target.pool({ max: 1 }),
      system: target.pool({ max: 1, user: role.user }),
    })
  })

  afterEach(async () => {
    await target.admin.query('truncate notes, shared_log, parents, children')
  })

  afterAll(async () => {
    await db.close()
    const { drop } = role
    await drop().finally(() => target.close())
  })

  const reason = 'INC-1234'
  const fill = async () => {
    for (const tenant of [TENANT_A, TENANT_B]) {
      await db.tenant(tenant).query('insert into notes (body) values ($1)', [SECRET])
    }
  }
  const count = async () => (await target.admin.query('select from notes')).rows.length

  it('sees every tenant, as its own role and with an empty tenant, while others see their own', async () => {
    await fill()
    const seen = await db.system({ reason }, async (tx) => {
      const { rows } = await tx.query(
        `select count(*)::int as n, current_user as "user", current_setting('app.tenant_id') as tenant from notes`,
      )
      const own = await db.tenant(TENANT_A).query('select from notes')
      return [rows, own.rows.length]
    })
    expect(seen).toEqual([[{ n: 2, user: role.user, tenant: '' }], 1])
  })

  it('has the rules of a transaction: lazy, all or nothing, revoked, no floating query, no swallowed error', async () => {
    target.proxy.resetCounts()
    let kept: unknown
    await db.system({ reason }, (tx) => {
      kept = tx
    })
    expect(target.proxy.counts.roundTrips).toBe(0)
    const { query } = kept as { query(text: string): Promise<unknown> }
    await expect(query.call(kept, 'select 1')).rejects.toThrow(ClosedError)
    const write = `insert into notes (tenant_id, body) values ('${TENANT_A}', 'x')`
    const throwing = db.system({ reason }, async (tx) => {
      await tx.query(write)
      throw new Error('mine')
    })
    await expect(throwing).rejects.toThrow('mine')
    const floating = db.system({ reason }, async (tx) => {
      await tx.query(write)
      void tx.query('select pg_sleep(0.02)')
    })
    await expect(floating).rejects.toThrow(FloatingQueryError)
    const swallowing = db.system({ reason }, (tx) =>
      tx.query(write).then(() => tx.query('select 1/0').catch(() => {})),
    )
    await expect(swallowing).rejects.toThrow(TransactionAbortedError)
    expect(await count()).toBe(0)
    await db.system({ reason }, (tx) => tx.query(write))
    expect(await count()).toBe(1)
  })

  it('can be made to read only, and joins itself by the rules of nesting', async () => {
    const write = db.system({ reason, readOnly: true }, (tx) => tx.query('delete from notes'))
    await expect(write).rejects.toMatchObject({ code: '25006' })
    const upgrade = db.system({ reason, readOnly: true }, () => db.system({ reason }, () => {}))
    await expect(upgrade).rejects.toThrow(NestingError)
  })

  it('keeps the guard of the session', async () => {
    const pool = target.pool({ max: 1, user: role.user })
    const guarded = createLeasehold({ primary: target.pool({ max: 1 }), system: pool })
    await guarded.system({ reason }, (tx) => tx.query('select 1'))
    const client = await pool.connect()
    await client.query(`set app.tenant_id = '${TENANT_B}'`)
    client.release()
    const work = guarded.system({ reason }, (tx) => tx.query('select 1'))
    await expect(work).rejects.toThrow(PoisonedBackendError)
  })

  it.each([undefined, '', '  \n', 7])('is refused with the reason %j', async (given) => {
    const events = channelMessages('leasehold:system')
    let called = false
    const work = db.system({ reason: given as never }, () => {
      called = true
    })
    await expect(work).rejects.toThrow(ReasonRequiredError)
    expect([called, events.take()]).toEqual([false, []])
  })

  it('is refused without a pool of its own', async () => {
    const pool = target.pool()
    const work = createLeasehold({ primary: pool }).system({ reason }, () => {})
    await expect(work).rejects.toThrow(ConfigError)
    expect(() => createLeasehold({ primary: pool, system: pool })).toThrow('options.system')
  })

  it('is audited before and after, with its reason, outcome and statements, and no value', async () => {
    await fill()
    const events = channelMessages('leasehold:system')
    const seenBefore: unknown[] = []
    await db.system({ reason: ` ${reason} ` }, async (tx) => {
      seenBefore.push(...events.take())
      await tx.query('select body from notes where body = $1', [SECRET])
      await tx.savepoint((inner) => inner.batch(['select 1', 'select 2']))
      await db.system({ reason: 'inner', readOnly: true }, (inner) => inner.query('select 3'))
    })
    const outer = { reason, readOnly: false, joined: false }
    expect(seenBefore).toEqual([{ phase: 'begin', call: expect.any(String), ...outer }])
    const [, innerEnd, outerEnd, ...rest] = events.take()
    expect(rest).toEqual([])
    const committed = { phase: 'end', outcome: 'committed', code: undefined }
    expect(innerEnd).toMatchObject({ ...committed, reason: 'inner', joined: true, statements: 1 })
    expect(outerEnd).toMatchObject({ ...committed, ...outer, statements: 3 })
    expect(outerEnd).toMatchObject({ call: (seenBefore[0] as { call: string }).call })
    expect(inspect([innerEnd, outerEnd], { depth: 9 })).not.toContain(SECRET)
  })

  it('is audited when it fails, and as committed when only a hook behind the commit fails', async () => {
    const events = channelMessages('leasehold:system')
    await db.system({ reason }, (tx) => tx.query(`select '${SECRET}'::int`)).catch(() => {})
    expect(events.take()[1]).toMatchObject({ phase: 'end', outcome: 'failed', code: '22P02', statements: 1 })
    const hooked = db.system({ reason }, async (tx) => {
      await tx.query('select 1')
      tx.afterCommit(() => Promise.reject(new Error('mine')))
    })
    await hooked.catch(() => {})
    expect(events.take()[1]).toMatchObject({ outcome: 'committed', code: 'LSH_ERR_AFTER_COMMIT' })
  })
})

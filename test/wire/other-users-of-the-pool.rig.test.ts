import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createLeasehold,
  PoisonedBackendError,
  ResultUnreadableError,
  SettingInvalidError,
} from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

describe.each(TARGETS)('what others do with the connections, %s', (name) => {
  let target: Target

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 1 })
    await target.admin.query(`
      create function report() returns setof notes language plpgsql as $$ begin
        create temp table if not exists tmp_report as select * from notes;
        return query select * from tmp_report;
      end $$`)
  })

  afterAll(() => target.close())

  it('a query that a listener of the pool sends and does not await is let finish first', async () => {
    const pool = target.pool({ max: 1 })
    pool.on('connect', (client) => void client.query(`set datestyle to 'ISO, DMY'`))
    const db = createLeasehold({ primary: pool })
    expect((await db.tenant(TENANT_A).query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('a temporary table that a function leaves behind is not read by the next tenant', async () => {
    const db = createLeasehold({ primary: target.pool({ max: 1 }) })
    await db.tenant(TENANT_A).query(`insert into notes (body) values ('of A')`)
    expect((await db.tenant(TENANT_A).query('select body from report()')).rows).toEqual([{ body: 'of A' }])
    await expect(db.tenant(TENANT_B).query('select body from report()')).rejects.toThrow(PoisonedBackendError)
    expect((await db.tenant(TENANT_B).query('select body from report()')).rows).toEqual([])
  })

  it('a temporary table that its transaction drops is left in peace', async () => {
    const db = createLeasehold({ primary: target.pool({ max: 1 }) })
    // The test before leaves a poisoned backend behind the pooler, which this ends.
    await db
      .tenant(TENANT_A)
      .query('select 1')
      .catch(() => {})
    for (let i = 0; i < 3; i += 1) {
      await db.withTenant(TENANT_A, async (tx) => {
        await tx.query('create temp table scratch (a int) on commit drop')
        await tx.query('insert into scratch values (1)')
      })
    }
  })

  it('a type parser that throws ends neither the process nor the truth about a write', async () => {
    const db = createLeasehold({ primary: target.pool({ max: 1 }) })
    const types = {
      getTypeParser: () => {
        throw new SyntaxError('no parser')
      },
    }
    await expect(db.tenant(TENANT_A, { readOnly: true }).query({ text: 'select 1', types })).rejects.toThrow(
      SyntaxError,
    )
    const text = `insert into shared_log values ('unreadable') returning entry`
    const write = db.tenant(TENANT_A).query({ text, types })
    await expect(write).rejects.toThrow(ResultUnreadableError)
    await expect(write).rejects.toMatchObject({ cause: expect.any(SyntaxError) })
    const { rows } = await target.admin.query(`select from shared_log where entry = 'unreadable'`)
    expect(rows).toHaveLength(1)
  })

  it('a SQLSTATE 26000 that a function raises does not make names doubtful for others', async () => {
    const db = createLeasehold({ primary: target.pool({ max: 1 }) })
    await target.admin.query(
      `create or replace function odd() returns int language plpgsql as $$ begin raise sqlstate '26000'; end $$`,
    )
    const count = () => db.tenant(TENANT_A).query('select count(*)::int as n from shared_log')
    for (let i = 0; i < 3; i += 1) {
      await count()
      await expect(db.tenant(TENANT_A).query('select odd()')).rejects.toMatchObject({ code: '26000' })
      expect((await count()).rows).toHaveLength(1)
    }
  })

  it('a deadline that passes under a write does not claim that nothing was applied', async () => {
    const db = createLeasehold({ primary: target.pool({ max: 1 }) })
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.blackHole('down')
    const write = db.tenant(TENANT_A, { timeoutMs: 200 }).query(`insert into shared_log values ('late')`)
    await expect(write).rejects.toMatchObject({
      code: 'LSH_ERR_COMMIT_UNKNOWN',
      cause: expect.objectContaining({ message: expect.not.stringContaining('nothing') }),
    })
    target.proxy.clearToxics()
    target.proxy.resetAll()
  })
})

it('a setting with a lone surrogate is refused, since the server would give back another text', () => {
  const db = createLeasehold({ primary: new pg.Pool(), settings: ['app.user_id'] })
  expect(() => db.tenant(TENANT_A, { settings: { 'app.user_id': 'x\ud83d' } })).toThrow(SettingInvalidError)
})

import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

describe.each(TARGETS)('named statements, %s', (name) => {
  let target: Target
  let pool: pg.Pool
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 1 })
    pool = target.pool({ max: 2 })
    db = createLeasehold({ primary: pool })
    await target.admin.query('create table changing (a int); grant select, insert on changing to app')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const holds = name !== 'pgbouncer 1.18'
  const parses = async (work: () => Promise<unknown>) => {
    target.proxy.resetCounts()
    await work()
    return target.proxy.counts.messages.client.P ?? 0
  }
  const read = () => db.tenant(TENANT_A).query('select count(*)::int as n from notes')

  it(`are ${holds ? 'used' : 'not used'} by 'auto'`, async () => {
    for (let i = 0; i < 3; i += 1) await read()
    expect(await parses(read)).toBe(holds ? 0 : 2)
  })

  it('leave nothing behind for the next client of a backend that cannot keep them apart', async () => {
    for (let i = 0; i < 3; i += 1) await read()
    const client = await target.connect()
    const { rows } = await client.query<{ name: string }>('select name from pg_prepared_statements')
    for (const row of rows) expect(row.name).toMatch(/^PGBOUNCER_/)
  })

  it('survive a change of the columns under them, in one call each, writes once', async () => {
    const select = () => db.tenant(TENANT_A).query('select * from changing')
    const insert = () => db.tenant(TENANT_A).query('insert into changing (a) values (1) returning *')
    for (let column = 0; column < 3; column += 1) {
      for (let i = 0; i < 3; i += 1) {
        await select()
        await insert()
      }
      await target.admin.query(`alter table changing add column c${column} int`)
      const { fields } = await select()
      expect(fields).toHaveLength(column + 2)
      const { rows } = await insert()
      expect(Object.keys(rows[0] ?? {})).toHaveLength(column + 2)
    }
    expect((await target.admin.query('select from changing')).rows).toHaveLength(12)
  })

  it('are found again after DISCARD ALL of another user of the connection', async () => {
    for (let i = 0; i < 3; i += 1) await read()
    const client = await pool.connect()
    await client.query('discard all')
    client.release()
    // pgbouncer drops what the client has prepared, and ends the client at the next use of a name; that is typed too.
    const first = await read().catch((error: unknown) => error)
    expect(first).toMatchObject(
      name === 'pgbouncer 1.24' ? { code: 'LSH_ERR_COMMIT_UNKNOWN' } : { rows: [{ n: 0 }] },
    )
    expect((await read()).rows).toEqual([{ n: 0 }])
  })

  it('hold while an error skips the Parse of the next', async () => {
    for (let i = 0; i < 3; i += 1) {
      const failing = db.tenant(TENANT_A).batch(['select 1/0', 'select 42 as skipped'])
      await expect(failing).rejects.toMatchObject({ code: '22012' })
    }
    const batch = await db.tenant(TENANT_A).batch(['select 42 as skipped', 'select 42 as skipped'])
    expect(batch.map(({ rows }) => rows)).toEqual([[{ skipped: 42 }], [{ skipped: 42 }]])
  })

  it('do not make a connection carry more than their limit', async () => {
    for (let i = 0; i < 250; i += 1) {
      for (let twice = 0; twice < 2; twice += 1) await db.tenant(TENANT_A).query(`select ${i} as n`)
    }
    const { rows } = await db
      .tenant(TENANT_A)
      .query<{ n: number }>('select count(*)::int as n from pg_prepared_statements')
    // pgbouncer closes what its clients close when it likes; its own limit is 200 as well.
    expect(rows[0]?.n).toBeLessThanOrEqual(name === 'direct' ? 202 : 410)
    expect((await db.tenant(TENANT_A).query('select 0 as n')).rows).toEqual([{ n: 0 }])
  })

  it('answer under DDL that keeps changing the table, with no error and no wrong answer', async () => {
    await target.admin.query(
      'create table busy (a int default 1); insert into busy values (1); grant select on busy to app',
    )
    let running = true
    const ddl = (async () => {
      for (let i = 0; i < 10; i += 1) {
        await target.admin.query(`alter table busy add column d${i} int`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      running = false
    })()
    let reads = 0
    const reader = async () => {
      while (running) {
        const { rows } = await db.tenant(TENANT_A).query<{ a: number }>('select * from busy')
        expect(rows[0]?.a).toBe(1)
        reads += 1
      }
    }
    await Promise.all([ddl, reader(), reader(), reader()])
    expect(reads).toBeGreaterThan(10)
  })
})

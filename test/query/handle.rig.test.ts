import { CamelCasePlugin, CompiledQuery, type LogEvent, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, ForbiddenStatementError, type Leasehold } from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'
import type { NotesDatabase } from './notes-database.ts'

describe.each(TARGETS)('a Kysely handle, %s', (name) => {
  let target: Target
  let db: Leasehold<NotesDatabase>
  const log: LogEvent[] = []

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    const kysely = { log: (event: LogEvent) => void log.push(event) }
    db = createLeasehold<NotesDatabase>({ primary: target.poolOptions({ max: 1 }), kysely })
  })

  afterEach(async () => {
    log.splice(0)
    await target.admin.query('truncate notes, shared_log, parents, children')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const write = (tenant = TENANT_A, body = 'x') =>
    db.tenant(tenant).insertInto('notes').values({ body }).execute()
  const roundTrips = async (work: () => Promise<unknown>) => {
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.resetCounts()
    await work()
    return target.proxy.counts.roundTrips
  }

  it('costs one round trip whichever way a query is executed', async () => {
    await write()
    const handle = db.tenant(TENANT_A)
    const query = handle.selectFrom('notes').select('body')
    const ways: (() => Promise<unknown>)[] = [
      () => query.execute(),
      () => query.executeTakeFirst(),
      () => query.executeTakeFirstOrThrow(),
      () => query.execute({ signal: new AbortController().signal }),
      () => handle.executeQuery(query),
      () => handle.executeQuery(query.compile()),
      () => sql`select 1`.execute(handle),
      () => query.explain(),
      () => handle.insertInto('notes').values({ body: 'y' }).execute(),
      () => handle.updateTable('notes').set({ body: 'z' }).execute(),
      () => handle.deleteFrom('notes').execute(),
    ]
    for (const way of ways) expect(await roundTrips(way)).toBe(1)
  })

  it("sees and writes the tenant's rows only", async () => {
    await write(TENANT_A, 'mine')
    await write(TENANT_B, 'theirs')
    const rows = await db.tenant(TENANT_A).selectFrom('notes').select(['tenant_id', 'body']).execute()
    expect(rows).toEqual([{ tenant_id: TENANT_A, body: 'mine' }])
    const updated = await db.tenant(TENANT_A).updateTable('notes').set({ body: 'changed' }).executeTakeFirst()
    expect(updated.numUpdatedRows).toBe(1n)
    const { rows: all } = await target.admin.query('select body from notes order by body')
    expect(all).toEqual([{ body: 'changed' }, { body: 'theirs' }])
  })

  it('runs many queries at once, each for its own tenant, over one connection', async () => {
    await write(TENANT_A, 'a')
    await write(TENANT_B, 'b')
    const read = (tenant: typeof TENANT_A) => db.tenant(tenant).selectFrom('notes').select('body').execute()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => read(i % 2 ? TENANT_B : TENANT_A)))
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => [{ body: i % 2 ? 'b' : 'a' }]))
  })

  it('has the server refuse every write when it is read only, also in a text', async () => {
    const reading = db.tenant(TENANT_A, { readOnly: true })
    const insert = `insert into notes (body) values ('x')`
    await expect(sql.raw(insert).execute(reading)).rejects.toMatchObject({ code: '25006' })
    await expect(reading.query(insert)).rejects.toMatchObject({ code: '25006' })
    await expect(
      reading.batch((q) => [q.selectFrom('notes').selectAll(), sql.raw(insert)]),
    ).rejects.toMatchObject({
      code: '25006',
    })
    const inTransaction = reading.transaction().execute(async (tx) => sql.raw(insert).execute(tx))
    await expect(inTransaction).rejects.toMatchObject({ code: '25006' })
  })

  it.each(['begin', '/* x */ commit', 'set app.tenant_id to default', 'copy notes to stdout'])(
    'sends no compiled text that the lexer refuses: %s',
    async (text) => {
      const handle = db.tenant(TENANT_A)
      target.proxy.resetCounts()
      await expect(handle.executeQuery(CompiledQuery.raw(text))).rejects.toThrow(ForbiddenStatementError)
      await expect(sql.raw(text).execute(handle)).rejects.toThrow(ForbiddenStatementError)
      await expect(handle.batch(() => [sql.raw(text)])).rejects.toThrow(ForbiddenStatementError)
      expect(target.proxy.counts.roundTrips).toBe(0)
    },
  )

  it('transforms queries and results by plugins, of the handle, of a copy and of a query alone', async () => {
    await write(TENANT_A, 'x')
    const camel = new CamelCasePlugin()
    const handle = db.tenant(TENANT_A)
    const expected = [{ tenantId: TENANT_A }]
    const tenantId = sql.ref<string>('tenantId').as('tenantId')
    expect(await handle.withPlugin(camel).selectFrom('notes').select(tenantId).execute()).toEqual(expected)
    expect(await handle.selectFrom('notes').withPlugin(camel).select(tenantId).execute()).toEqual(expected)
    const composed = createLeasehold<NotesDatabase>({
      primary: target.poolOptions({ max: 1 }),
      kysely: { plugins: [camel] },
    })
    expect(await composed.tenant(TENANT_A).selectFrom('notes').select(tenantId).execute()).toEqual(expected)
    await composed.withTenant(TENANT_A, async (tx) => {
      expect(await tx.selectFrom('notes').select(tenantId).execute()).toEqual(expected)
    })
    await composed.close()
  })

  it('writes the log of Kysely, with the error of a query that failed', async () => {
    const handle = db.tenant(TENANT_A)
    await handle.selectFrom('notes').select('body').execute()
    await sql`select 1/0`.execute(handle).catch(() => {})
    await handle.batch((q) => [q.selectFrom('notes').select('id'), sql`select 2`])
    await handle.query('select 3')
    const seen = log.map((event) => [event.level, event.query.sql])
    expect(seen).toEqual([
      ['query', 'select "body" from "notes"'],
      ['error', 'select 1/0'],
      ['query', 'select "id" from "notes"'],
      ['query', 'select 2'],
    ])
    expect(log[1]).toMatchObject({ error: { code: '22012' } })
    expect(log.every(({ queryDurationMillis }) => queryDurationMillis > 0)).toBe(true)
  })

  it('rejects with the reason of the signal, and the handle goes on', async () => {
    const handle = db.tenant(TENANT_A)
    const controller = new AbortController()
    const slow = sql`select pg_sleep(0.5)`.execute(handle, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 100)
    await expect(slow).rejects.toThrow('enough')
    expect((await sql`select 1 as one`.execute(handle)).rows).toEqual([{ one: 1 }])
  })
})

import {
  CamelCasePlugin,
  DeleteResult,
  InsertResult,
  ParseJSONResultsPlugin,
  sql,
  UpdateResult,
} from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'
import type { NotesDatabase } from './notes-database.ts'

describe.each(TARGETS)('a batch of Kysely queries, %s', (name) => {
  let target: Target
  let db: Leasehold<NotesDatabase>

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    db = createLeasehold<NotesDatabase>({ primary: target.poolOptions({ max: 1 }) })
  })

  afterEach(async () => {
    await target.admin.query('truncate notes, shared_log, parents, children')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  it('is one round trip and one transaction, and gives the rows of each', async () => {
    const handle = db.tenant(TENANT_A)
    await handle.insertInto('shared_log').values({ entry: 'old' }).execute()
    target.proxy.resetCounts()
    const [written, notes, entries, one] = await handle.batch((q) => [
      q.insertInto('notes').values({ body: 'x' }).returning('body'),
      q.selectFrom('notes').select(['tenant_id', 'body']),
      q.selectFrom('shared_log').selectAll(),
      sql<{ one: number }>`select 1 as one`,
    ])
    expect(target.proxy.counts.roundTrips).toBe(1)
    expect(written).toEqual([{ body: 'x' }])
    expect(notes).toEqual([{ tenant_id: TENANT_A, body: 'x' }])
    expect(entries).toEqual([{ entry: 'old' }])
    expect(one).toEqual([{ one: 1 }])
    expect(await db.tenant(TENANT_B).selectFrom('notes').selectAll().execute()).toEqual([])
  })

  it('commits all of them, or none', async () => {
    const handle = db.tenant(TENANT_A)
    const batch = handle.batch((q) => [q.insertInto('notes').values({ body: 'x' }), sql`select 1/0`])
    await expect(batch).rejects.toMatchObject({ code: '22012' })
    expect(await handle.selectFrom('notes').selectAll().execute()).toEqual([])
  })

  it('gives for each write what executing it alone gives', async () => {
    const answers = await db
      .tenant(TENANT_A)
      .batch((q) => [
        q.insertInto('notes').values([{ body: 'x' }, { body: 'y' }]),
        q.updateTable('notes').set({ body: 'z' }),
        q.deleteFrom('notes').where('body', '=', 'z'),
      ])
    expect(answers).toEqual([
      [new InsertResult(undefined, 2n)],
      [new UpdateResult(2n, undefined)],
      [new DeleteResult(2n)],
    ])
  })

  it('transforms the rows of each query by its plugins', async () => {
    await db.tenant(TENANT_A).insertInto('notes').values({ body: '{"n":1}' }).execute()
    const handle = db.tenant(TENANT_A).withPlugin(new CamelCasePlugin())
    const tenantId = sql.ref<string>('tenantId').as('tenantId')
    const [camel, plain, raw, parsed] = await handle.batch((q) => [
      q.selectFrom('notes').select(tenantId),
      q.withoutPlugins().selectFrom('notes').select('tenant_id'),
      sql`select tenant_id from notes`,
      q.selectFrom('notes').select([tenantId, 'body']).withPlugin(new ParseJSONResultsPlugin()),
    ])
    expect(camel).toEqual([{ tenantId: TENANT_A }])
    expect(plain).toEqual([{ tenant_id: TENANT_A }])
    expect(raw).toEqual([{ tenantId: TENANT_A }])
    expect(parsed).toEqual([{ tenantId: TENANT_A, body: { n: 1 } }])
  })

  it('still takes texts, which no plugin touches', async () => {
    const handle = db.tenant(TENANT_A).withPlugin(new CamelCasePlugin())
    const [first, second] = await handle.batch([
      'select 1 as one_row',
      { text: 'select $1::int as n', values: [2] },
    ])
    expect([first?.rows, second?.rows]).toEqual([[{ one_row: 1 }], [{ n: 2 }]])
    expect(first?.command).toBe('SELECT')
  })

  it('runs in a transaction too, in one round trip', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.query('select 1')
      target.proxy.resetCounts()
      const [, notes] = await tx.batch((q) => [
        q.insertInto('notes').values({ body: 'x' }),
        q.selectFrom('notes').select('body'),
      ])
      expect(target.proxy.counts.roundTrips).toBe(1)
      expect(notes).toEqual([{ body: 'x' }])
    })
  })
})

import { CamelCasePlugin, type LogEvent, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createLeasehold,
  type Leasehold,
  StatementInvalidError,
  type TenantTransaction,
  UnsupportedError,
} from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'
import type { NotesDatabase } from './notes-database.ts'
import { readAll } from './read-all.ts'

describe.each(TARGETS)('a stream in a transaction, %s', (name) => {
  let target: Target
  let db: Leasehold<NotesDatabase>
  const log: LogEvent[] = []

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    const kysely = { log: (event: LogEvent) => void log.push(event) }
    db = createLeasehold<NotesDatabase>({ primary: target.poolOptions({ max: 1 }), kysely })
    for (const tenant of [TENANT_A, TENANT_B]) {
      await db.tenant(tenant).query('insert into notes (body) select n::text from generate_series(1, 25) n')
    }
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const ordered = (tx: TenantTransaction<NotesDatabase>) =>
    tx.selectFrom('notes').select(['tenant_id', 'body']).orderBy('id')
  const openCursors = async (tx: TenantTransaction<NotesDatabase>) =>
    (await tx.query("select from pg_cursors where name like 'leasehold%'")).rows.length

  it.each([1, 10, 25, 100])('gives every row of the tenant, in order, in chunks of %i', async (chunkSize) => {
    await db.withTenant(TENANT_A, async (tx) => {
      const rows = await readAll(ordered(tx).stream(chunkSize))
      const bodies = Array.from({ length: 25 }, (_, i) => ({ tenant_id: TENANT_A, body: String(i + 1) }))
      expect(rows).toEqual(bodies)
      expect(await openCursors(tx)).toBe(0)
    })
  })

  it('fetches a chunk when the reader asks for it, and not before', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.query('select 1')
      target.proxy.resetCounts()
      const stream = ordered(tx).stream(10)
      expect(target.proxy.counts.roundTrips).toBe(0)
      for (let read = 1; read <= 25; read += 1) {
        await stream.next()
        expect(target.proxy.counts.roundTrips).toBe(Math.ceil(read / 10))
      }
    })
  })

  it('closes its cursor when the reader leaves early, and the transaction goes on', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      for await (const { body } of ordered(tx).stream(10)) if (body === '3') break
      expect(await openCursors(tx)).toBe(0)
      await tx.query('select 1')
    })
  })

  it('lets other queries and streams run between its chunks', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      const [one, other] = [ordered(tx).stream(5), ordered(tx).where('body', '>', '2').stream(5)]
      expect((await one.next()).value).toMatchObject({ body: '1' })
      expect((await other.next()).value).toMatchObject({ body: '3' })
      await tx.query('select 1')
      expect((await readAll(one)).length).toBe(24)
    })
  })

  it('takes values, in a transaction that reads', async () => {
    const bodies = await db
      .tenant(TENANT_A, { readOnly: true })
      .transaction()
      .execute((tx) => readAll(tx.selectFrom('notes').select('body').where('body', '=', '7').stream()))
    expect(bodies).toEqual([{ body: '7' }])
  })

  it('passes the error of the server on, and sends nothing more but ROLLBACK', async () => {
    // The COMMIT of a transaction that reads is answered behind it.
    await expect.poll(() => target.idleInTransaction()).toBe(0)
    target.proxy.resetCounts()
    const failing = db.withTenant(TENANT_A, async (tx) => {
      const divided = sql<number>`100 / (20 - body::int)`.as('divided')
      await readAll(tx.selectFrom('notes').select(divided).orderBy('id').stream(10))
    })
    await expect(failing).rejects.toMatchObject({ code: '22012' })
    expect(target.proxy.counts.roundTrips).toBe(3)
  })

  it('transforms each chunk by the plugins, and writes one entry of the log', async () => {
    log.splice(0)
    const tenantId = sql.ref<string>('tenantId').as('tenantId')
    const handle = db.tenant(TENANT_A).withPlugin(new CamelCasePlugin())
    await handle.transaction().execute(async (tx) => {
      const rows = await readAll(tx.selectFrom('notes').select(tenantId).stream(20))
      expect(new Set(rows.map((row) => row.tenantId))).toEqual(new Set([TENANT_A]))
    })
    expect(log.map((event) => [event.level, event.level === 'query' && event.isStream])).toEqual([
      ['query', true],
    ])
  })

  it('is not for a query that writes, nor in chunks of no whole number', async () => {
    await db.withTenant(TENANT_A, async (tx) => {
      const writing = tx.updateTable('notes').set({ body: 'x' }).returning('id').stream()
      await expect(writing.next()).rejects.toThrow(UnsupportedError)
      for (const chunkSize of [0, -1, 1.5, '1; x' as never]) {
        await expect(ordered(tx).stream(chunkSize).next()).rejects.toThrow(StatementInvalidError)
      }
    })
  })
})

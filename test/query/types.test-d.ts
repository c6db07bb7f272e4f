/*
 * Types only: checked by `tsc`, never run. Each @ts-expect-error is an error of its own if what stands behind it compiles.
 */
import { type Kysely, type QueryCreator, sql, type Transaction } from 'kysely'
import {
  createLeasehold,
  type Leasehold,
  type QueryResult,
  type ReadQueries,
  type TenantHandle,
  type TenantId,
  type TenantReader,
  type TenantReadHandle,
  type TenantReadTransaction,
  type TenantTransaction,
  withTenant,
} from '../../src/index.ts'
import type { PgPool } from '../../src/pool/pg-pool.ts'
import type { NotesDatabase } from './notes-database.ts'

type Same<Left, Right> =
  (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false
/** Compiles only where the type of the value is exactly `Expected`. */
function exactly<Expected>() {
  return <Actual>(_value: Actual, _proof: Same<Actual, Expected>): void => {}
}

declare const id: TenantId
declare const db: Leasehold<NotesDatabase>
declare const pool: PgPool

export async function theDatabaseObject(): Promise<void> {
  exactly<Leasehold<NotesDatabase>>()(createLeasehold<NotesDatabase>({ primary: pool }), true)
  exactly<TenantHandle<NotesDatabase>>()(db.tenant(id), true)
  exactly<TenantHandle<NotesDatabase>>()(db.tenant(id, { timeoutMs: 5 }), true)
  exactly<TenantHandle<NotesDatabase>>()(db.tenant(id, { readOnly: false }), true)
  exactly<TenantReadHandle<NotesDatabase>>()(db.tenant(id, { readOnly: true }), true)
  const perhaps: { readOnly: boolean } = { readOnly: true }
  exactly<TenantReadHandle<NotesDatabase>>()(db.tenant(id, perhaps), true)
  // @ts-expect-error a plain string is no tenant id
  db.tenant('aaaaaaaa-0000-4000-8000-00000000000a')
  // @ts-expect-error a plain string is no tenant id
  await db.withTenant('aaaaaaaa-0000-4000-8000-00000000000a', () => 1)
  const untyped = createLeasehold({ primary: pool }).tenant(id)
  // @ts-expect-error without the tables only texts can be sent
  untyped.selectFrom('notes')
  exactly<QueryResult<{ n: number }>>()(await untyped.query<{ n: number }>('select 1 as n'), true)
}

export async function theHandle(handle: TenantHandle<NotesDatabase>): Promise<void> {
  const rows = await handle.selectFrom('notes').select(['id', 'body']).execute()
  exactly<{ id: string; body: string }[]>()(rows, true)
  // @ts-expect-error no such column
  handle.selectFrom('notes').select('title')
  // @ts-expect-error no such table
  handle.selectFrom('visits')
  // @ts-expect-error a wrong value
  handle.insertInto('notes').values({ body: 7 })
  const kysely: Kysely<NotesDatabase> = handle
  const creator: QueryCreator<NotesDatabase> = handle
  exactly<TenantHandle<NotesDatabase>>()(handle.withSchema('s').withoutPlugins(), true)
  const extended = handle.$extendTables<{ more: { n: number } }>()
  exactly<{ n: number }[]>()(await extended.selectFrom('more').selectAll().execute(), true)
  exactly<Promise<readonly QueryResult[]>>()(
    extended.batch(['select 1', { text: 'select $1', values: [1] }]),
    true,
  )
  const picked = handle.$pickTables<'notes'>()
  exactly<Promise<readonly QueryResult[]>>()(picked.batch(['select 1']), true)
  // @ts-expect-error not among the picked
  picked.selectFrom('shared_log')
  // @ts-expect-error a handle is no transaction
  const transaction: Transaction<NotesDatabase> = handle
  void [kysely, creator, transaction]
}

export async function theBatch(handle: TenantHandle<NotesDatabase>, ids: readonly string[]): Promise<void> {
  const answers = await handle.batch((q) => [
    q.selectFrom('notes').select('body'),
    q.selectFrom('shared_log').selectAll(),
    sql<{ n: number }>`select 1 as n`,
    q.insertInto('notes').values({ body: 'x' }).returning('id'),
    q
      .with('few', (w) => w.selectFrom('notes').select('id'))
      .selectFrom('few')
      .selectAll(),
  ])
  exactly<[{ body: string }[], { entry: string }[], { n: number }[], { id: string }[], { id: string }[]]>()(
    answers,
    true,
  )
  const [written] = await handle.batch((q) => [q.insertInto('notes').values({ body: 'x' })])
  exactly<bigint | undefined>()(written[0]?.numInsertedOrUpdatedRows, true)
  const many = await handle.batch((q) =>
    ids.map((one) => q.selectFrom('notes').select('body').where('id', '=', one)),
  )
  exactly<{ body: string }[][]>()(many, true)
  // @ts-expect-error what builds queries for a batch executes none
  await handle.batch((q) => [q.executeQuery(sql`select 1`.compile(handle))])
  // @ts-expect-error no such column
  await handle.batch((q) => [q.selectFrom('notes').select('title')])
  const [read] = await (handle as TenantReader<NotesDatabase>).batch((q) => [
    q.selectFrom('notes').select('id'),
  ])
  exactly<{ id: string }[]>()(read, true)
  // @ts-expect-error a reader's batch builds no write
  await (handle as TenantReader<NotesDatabase>).batch((q) => [q.insertInto('notes').values({ body: 'x' })])
}

export async function reads(reader: TenantReader<NotesDatabase>): Promise<number> {
  const rows = await reader
    .with('few', (q) => q.selectFrom('notes').select('id'))
    .selectFrom('few')
    .selectAll()
    .execute()
  exactly<{ id: string }[]>()(rows, true)
  await reader.executeQuery(reader.selectFrom('notes').selectAll())
  await sql`select 1`.execute(reader)
  // @ts-expect-error a reader has no insertInto
  reader.insertInto
  // @ts-expect-error a reader has no updateTable
  reader.updateTable
  // @ts-expect-error a reader has no deleteFrom
  reader.deleteFrom
  // @ts-expect-error a reader has no mergeInto
  reader.mergeInto
  // @ts-expect-error a reader has no replaceInto
  reader.replaceInto
  // @ts-expect-error a reader has no schema
  reader.schema
  // @ts-expect-error a reader's table expressions read
  reader.with('w', (q) => q.insertInto('notes').values({ body: 'x' }).returning('id'))
  const few = reader.with('few', (q) => q.selectFrom('notes').select('id'))
  // @ts-expect-error what follows a table expression reads, too
  few.deleteFrom('notes').execute()
  // @ts-expect-error a compiled write
  await reader.executeQuery((reader as TenantHandle<NotesDatabase>).insertInto('notes').values({ body: 'x' }))
  // @ts-expect-error a reader is no Kysely, which could write
  const kysely: Kysely<NotesDatabase> = reader
  void kysely
  return buildsOnly(reader.withSchema('s'))
}

export function buildsOnly(queries: ReadQueries<NotesDatabase>): number {
  return queries.selectFrom('notes').select(queries.fn.countAll().as('n')).compile().parameters.length
}

export async function everythingIsAReader(reading: TenantReadHandle<NotesDatabase>): Promise<void> {
  await reads(db.tenant(id))
  await reads(reading)
  await reads(reading.withSchema('s'))
  await db.withTenant(id, (tx) => reads(tx))
  await db.withTenant(id, (tx) => reads(tx), { readOnly: true })
  await db.tenant(id).transaction().execute(reads)
  await reading.transaction().setAccessMode('read only').execute(reads)
  await db.tenant(id).batch((q) => [
    q
      .selectFrom('notes')
      .select('id')
      .where('id', '=', String(buildsOnly(q))),
  ])
}

export async function generic<DB>(handle: TenantHandle<DB>, tx: TenantTransaction<DB>): Promise<void> {
  const readers: readonly TenantReader<DB>[] = [handle, tx]
  const kyselys: readonly Kysely<DB>[] = [handle, tx]
  void [readers, kyselys]
}

export async function theTransaction(): Promise<void> {
  exactly<string>()(
    await db.withTenant(id, async (tx) => {
      exactly<TenantTransaction<NotesDatabase>>()(tx, true)
      const kysely: Transaction<NotesDatabase> = tx
      exactly<TenantTransaction<NotesDatabase>>()(tx.withSchema('s'), true)
      return String(kysely.isTransaction)
    }),
    true,
  )
  await db
    .tenant(id)
    .transaction()
    .setIsolationLevel('serializable')
    .execute(async (tx) => {
      exactly<TenantTransaction<NotesDatabase>>()(tx, true)
    })
  await db.withTenant(id, (tx) => exactly<TenantReadTransaction<NotesDatabase>>()(tx, true), {
    readOnly: true,
  })
  await withTenant(db, id, (tx) => exactly<TenantTransaction<NotesDatabase>>()(tx, true))
  await withTenant(pool, id, (tx) => exactly<TenantTransaction<unknown>>()(tx, true))
  await withTenant(db, id, (tx) => exactly<TenantReadTransaction<NotesDatabase>>()(tx, true), {
    readOnly: true,
  })
  await db.withTenant(
    id,
    async (tx) => {
      // @ts-expect-error a write through the tx of a read-only transaction
      await tx.insertInto('notes').values({ body: 'x' }).execute()
    },
    { readOnly: true },
  )
  // @ts-expect-error a write through a read-only handle
  db.tenant(id, { readOnly: true }).updateTable('notes')
  // @ts-expect-error a read-write transaction from a read-only handle
  db.tenant(id, { readOnly: true }).transaction().setAccessMode('read write')
}

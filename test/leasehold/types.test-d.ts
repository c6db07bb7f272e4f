/*
 * Types only: checked by `tsc`, never run. Each @ts-expect-error is an error of its own if what stands behind it compiles.
 */
import { type ContextTenant, NO_TENANT, type NoTenant } from '../../src/context/no-tenant.ts'
import type { Leasehold, TenantHandle, TenantId, TenantReader, TenantReadHandle } from '../../src/index.ts'
import type { NotesDatabase } from '../query/notes-database.ts'

declare const id: TenantId
declare const db: Leasehold<NotesDatabase>

export function anEmptyTenant(): ContextTenant[] {
  // @ts-expect-error an empty string is no tenant id
  const noId: TenantId = ''
  // @ts-expect-error nor is it what shared() and system() set
  const empty: NoTenant = ''
  // @ts-expect-error a tenant id may turn out to be anything but that
  const fromId: NoTenant = id
  // @ts-expect-error and where a tenant is asked for, there has to be one
  const toId: TenantId = NO_TENANT
  // @ts-expect-error
  db.tenant(NO_TENANT)
  // @ts-expect-error
  db.run({ tenant: NO_TENANT }, () => {})
  // @ts-expect-error
  db.run({ tenant: 'aaaaaaaa-0000-4000-8000-00000000000a' }, () => {})
  return [noId, empty, fromId, toId, NO_TENANT, id]
}

export async function theHandles(): Promise<void> {
  const current: TenantHandle<NotesDatabase> = db.current()
  await current.insertInto('notes').values({ body: 'x' }).execute()
  const reading: TenantReadHandle<NotesDatabase> = db.current({ readOnly: true })
  // @ts-expect-error it reads only
  reading.insertInto('notes')
  const replica: TenantReadHandle<NotesDatabase> = db.tenant(id, { route: 'replica' })
  // @ts-expect-error a replica takes no writes
  replica.insertInto('notes')
  // @ts-expect-error nor in a transaction
  await db.withTenant(id, (tx) => tx.insertInto('notes').values({ body: 'x' }).execute(), {
    route: 'replica',
  })
  const primary: TenantHandle<NotesDatabase> = db.tenant(id, { route: 'primary' })
  await primary.deleteFrom('notes').execute()
  const shared: TenantReader<NotesDatabase> = db.shared()
  await shared.selectFrom('notes').select('body').execute()
  // @ts-expect-error it reads only
  db.shared().deleteFrom('notes')
  // @ts-expect-error no settings, for there is nobody whose they are
  db.shared({ settings: {} })
}

export async function theCallbacks(): Promise<void> {
  // @ts-expect-error a reason is mandatory
  await db.system({}, () => {})
  const rows: { body: string }[] = await db.system({ reason: 'INC-1' }, (tx) =>
    tx.selectFrom('notes').select('body').execute(),
  )
  await db.system({ reason: 'INC-1', readOnly: true }, (tx) => {
    // @ts-expect-error it reads only
    tx.updateTable('notes')
    return rows
  })
  await db.forEachTenant([id], { concurrency: 2 }, async (tx, each: TenantId) => {
    await tx.insertInto('notes').values({ body: each }).execute()
  })
  // @ts-expect-error plain strings are no tenant ids
  await db.forEachTenant(['a'], {}, () => {})
  const value: number = db.run({ tenant: id }, () => 7)
  const later: Promise<number> = db.run({ tenant: id, method: 'GET' }, async () => value)
  await later
}

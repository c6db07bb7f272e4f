import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import {
  createLeasehold,
  StatementInvalidError,
  type TenantHandle,
  UnsupportedError,
} from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import type { NotesDatabase } from './notes-database.ts'

/** Nothing listens there, so whatever is sent ends in a ConnectError. */
const db = createLeasehold<NotesDatabase>({ primary: { host: '127.0.0.1', port: 1 } })
const handle = db.tenant(TENANT_A)

describe('the callback of a batch', () => {
  it.each<[string, Parameters<TenantHandle<NotesDatabase>['batch']>[0]]>([
    ['a query of another handle', () => [db.tenant(TENANT_B).selectFrom('notes').selectAll()]],
    ['a query of the handle itself', () => [handle.selectFrom('notes').selectAll()]],
    ['a text', () => ['select 1' as never]],
    ['nothing', () => []],
    ['no array', () => undefined as never],
  ])('may not return %s', async (_name, build) => {
    await expect(handle.batch(build)).rejects.toThrow(StatementInvalidError)
  })

  it('may not execute what it builds', async () => {
    let executed: Promise<unknown> | undefined
    const batch = handle.batch((q) => {
      executed = q.selectFrom('notes').selectAll().execute()
      executed.catch(() => {})
      throw new Error('from the callback')
    })
    await expect(batch).rejects.toThrow('from the callback')
    await expect(executed).rejects.toThrow(UnsupportedError)
  })

  it('is refused as a whole when one of its queries is', async () => {
    const mixed = handle.batch((q) => [q.selectFrom('notes').selectAll(), sql`begin`])
    await expect(mixed).rejects.toMatchObject({ code: 'LSH_ERR_FORBIDDEN_STATEMENT' })
  })
})

import { CamelCasePlugin } from 'kysely'
import { describe, expect, it } from 'vitest'
import { createLeasehold, type TenantHandle } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import type { NotesDatabase } from './notes-database.ts'

const db = createLeasehold<NotesDatabase>({ primary: { host: '127.0.0.1', port: 1 } })
const handle = db.tenant(TENANT_A)

describe('a copy of a tenant handle', () => {
  it.each<[string, TenantHandle]>([
    ['withSchema', handle.withSchema('s') as TenantHandle],
    ['withPlugin', handle.withPlugin(new CamelCasePlugin()) as TenantHandle],
    ['withoutPlugins', handle.withoutPlugins() as TenantHandle],
    ['withTables', handle.withTables<{ more: { id: number } }>() as TenantHandle],
    ['$extendTables', handle.$extendTables<{ more: { id: number } }>() as TenantHandle],
    ['$omitTables', handle.$omitTables<'notes'>() as TenantHandle],
    ['$pickTables', handle.$pickTables<'notes'>() as TenantHandle],
  ])('that %s gives is one too', (_name, copy) => {
    expect(copy).not.toBe(handle)
    expect(copy.constructor).toBe(handle.constructor)
    expect([typeof copy.query, typeof copy.batch]).toEqual(['function', 'function'])
  })

  it('is of what was asked for, and the handle stays as it was', () => {
    const copy = handle.withSchema('s').withPlugin(new CamelCasePlugin())
    const text = (of: typeof handle) => of.selectFrom('notes').select('body as oneBody').compile().sql
    expect(text(copy)).toBe('select "body" as "one_body" from "s"."notes"')
    expect(text(copy.withoutPlugins())).toBe('select "body" as "oneBody" from "notes"')
    expect(text(handle)).toBe('select "body" as "oneBody" from "notes"')
  })
})

describe('the plugins of the options', () => {
  it('are those of every handle, and adding to their list later changes none', () => {
    const plugins = [new CamelCasePlugin()]
    const camel = createLeasehold<NotesDatabase>({ primary: {}, kysely: { plugins } })
    plugins.pop()
    const query = camel.tenant(TENANT_A).selectFrom('notes').select('body as oneBody')
    expect(query.compile().sql).toBe('select "body" as "one_body" from "notes"')
  })
})

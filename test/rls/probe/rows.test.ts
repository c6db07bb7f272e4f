import { describe, expect, it } from 'vitest'
import type { ProbedColumn } from '../../../src/rls/probe/schema/probed-column.ts'
import type { ProbedKey } from '../../../src/rls/probe/schema/probed-key.ts'
import type { ProbedRelation } from '../../../src/rls/probe/schema/probed-relation.ts'
import { keyColumns } from '../../../src/rls/probe/sql/fresh-value.ts'
import {
  assign,
  assignable,
  insertedRow,
  isRow,
  whyNoInsert,
} from '../../../src/rls/probe/sql/row-statements.ts'
import { stashRow } from '../../../src/rls/probe/sql/stash.ts'

const column = (name: string, more: Partial<ProbedColumn> = {}): ProbedColumn => ({
  name,
  ident: `"${name}"`,
  type: 'text',
  baseType: 'text',
  length: null,
  readable: true,
  insertable: true,
  updatable: true,
  generated: false,
  always: false,
  counts: false,
  refers: false,
  partitions: false,
  ...more,
})
const key = (columns: readonly string[], more: Partial<ProbedKey> = {}): ProbedKey => ({
  name: 'key',
  constraint: 'key',
  primary: true,
  exclusion: false,
  deferrable: false,
  scoped: false,
  identifies: true,
  columns,
  compares: columns,
  predicate: null,
  ...more,
})
const relation = (columns: readonly ProbedColumn[], more: Partial<ProbedRelation> = {}): ProbedRelation => ({
  object: 'public.notes',
  ident: 'public.notes',
  kind: 'r',
  tenant: 'tenant',
  partition: false,
  rowSecurity: true,
  forced: true,
  owned: false,
  invoker: false,
  canInsert: true,
  canDelete: true,
  canTruncate: false,
  intercepts: false,
  addressed: true,
  columns,
  keys: [],
  foreignKeys: [],
  outside: null,
  counts: false,
  calls: false,
  tenantSources: [],
  otherSources: [],
  ...more,
})

describe('a copy of a row', () => {
  it('names every column that takes a value, so that no default is asked for', () => {
    const columns = [
      column('id', { always: true }),
      column('sum', { generated: true }),
      column('no', { insertable: false }),
    ]
    const row = insertedRow(relation(columns), { of: undefined, put: {}, fresh: false })
    expect(row).toBe('("id") overriding system value values (null::text)')
  })

  it('is not made where nothing may be filled in', () => {
    const columns = [column('id', { insertable: false })]
    expect(insertedRow(relation(columns), { of: undefined, put: {}, fresh: false })).toBeUndefined()
  })

  it('is not made where a sequence would count', () => {
    expect(whyNoInsert(relation([column('id', { counts: true })]))).toBeUndefined()
    expect(whyNoInsert(relation([column('id', { counts: true, insertable: false })]))).toContain('sequence')
    expect(whyNoInsert(relation([], { counts: true }))).toContain('sequence')
  })

  it('differs in one column of each key: not the tenant, nor one that refers, best a uuid, last what decides about partitions', () => {
    const columns = [
      column('tenant', { baseType: 'uuid' }),
      column('at', { baseType: 'timestamptz', partitions: true }),
      column('word'),
      column('parent', { baseType: 'uuid', refers: true }),
      column('id', { baseType: 'uuid' }),
    ]
    const fresh = (...names: readonly string[]) => [...keyColumns(relation(columns, { keys: [key(names)] }))]
    expect(fresh('tenant', 'at', 'word', 'parent', 'id')).toEqual(['id'])
    expect(fresh('tenant', 'at', 'word', 'parent')).toEqual(['word'])
    expect(fresh('tenant', 'at', 'parent')).toEqual(['at'])
    expect(fresh('tenant', 'parent')).toEqual([])
  })
})

describe('a row', () => {
  const columns = [column('tenant'), column('id'), column('secret', { readable: false })]
  const condition = (more: Partial<ProbedRelation>) => {
    const table = relation(columns, more)
    return isRow(table, stashRow('other', table))
  }

  it('is known again by its key', () => {
    expect(condition({ keys: [key(['tenant', 'id'])] })).toMatch(
      /^"tenant" = .*\[1\]::text and "id" = .*\[2\]::text$/,
    )
  })

  it('is known again by where it lies, where the key says too little or may not be read', () => {
    expect(condition({ keys: [key(['secret'])] })).toMatch(/^tableoid = .*::oid and ctid = .*::tid$/)
    expect(condition({ keys: [key(['id'], { identifies: false })] })).toMatch(/^tableoid/)
  })

  it('is known again by all that can be read, where it lies nowhere', () => {
    expect(condition({ addressed: false })).toMatch(/^array\[\("tenant"\)::text, \("id"\)::text\] = /)
  })
})

it('updates a column to itself, and one that may not be read to NULL', () => {
  const hidden = column('a = b', { readable: false })
  const of = (...columns: readonly ProbedColumn[]) => assignable(relation(columns))
  expect(of(column('tenant'), hidden, column('word'))).toMatchObject({ ident: '"word"' })
  expect(of(column('tenant'), hidden)).toMatchObject({ ident: '"a = b"' })
  expect(of(column('tenant'), column('x', { updatable: false }))).toMatchObject({ ident: '"tenant"' })
  expect(of(column('x', { always: true }))).toBeUndefined()
  expect(assign(column('word'))).toBe('"word" = "word"')
  expect(assign(column('word'), 'target')).toBe('"word" = target."word"')
  expect(assign(hidden, 'target')).toBe('"a = b" = null')
})

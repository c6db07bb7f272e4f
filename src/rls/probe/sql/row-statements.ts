import type { ProbedColumn } from '../schema/probed-column.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'
import { freshValue, keyColumns } from './fresh-value.ts'
import type { Stash } from './stash.ts'

/** How a new row differs from the one that it is a copy of. */
export interface CopyOptions {
  /** The row, or `undefined` for one of NULLs. */
  readonly of: Stash | undefined
  /** Values of columns by name, in SQL. */
  readonly put: Readonly<Record<string, string>>
  /** Whether keys get values that no row is likely to have. */
  readonly fresh: boolean
}

/**
 * SQL from the list of columns to the values of an INSERT. All columns that take a value are named, so that no default is asked for
 * and no sequence counts; or `undefined` where the application may fill none.
 */
export function insertedRow(relation: ProbedRelation, { of, put, fresh }: CopyOptions): string | undefined {
  const columns = relation.columns.filter(({ insertable, generated }) => insertable && !generated)
  if (columns.length === 0) return undefined
  const renewed = fresh ? keyColumns(relation) : new Set<string>()
  const value = (column: ProbedColumn) => {
    const given = put[column.name]
    if (given !== undefined) return given
    const copied = of?.cell(column.ident, column.type) ?? `null::${column.type}`
    return (renewed.has(column.name) ? freshValue(column, copied) : undefined) ?? copied
  }
  const overriding = columns.some(({ always }) => always) ? 'overriding system value ' : ''
  return `(${columns.map(({ ident }) => ident).join(', ')}) ${overriding}values (${columns.map(value).join(', ')})`
}

/** Why an INSERT would not be undone by a rollback, or `undefined`: it takes a number of a sequence. */
export function whyNoInsert({ columns, counts }: ProbedRelation): string | undefined {
  return counts || columns.some((column) => column.counts && !column.insertable)
    ? 'an INSERT would take numbers of a sequence, which no rollback gives back'
    : undefined
}

/** A condition that only the kept row fulfils, as far as the relation has something to tell rows apart by. */
export function isRow({ columns, keys, addressed }: ProbedRelation, row: Stash): string {
  const column = new Map(columns.map((each) => [each.name, each]))
  const key = keys.find(
    ({ identifies, columns: names }) =>
      identifies && names.every((name) => column.get(name)?.readable === true),
  )
  const equals = (ident: string, type: string) => `${ident} = ${row.cell(ident, type)}`
  if (key) {
    return key.columns
      .map((name) => column.get(name))
      .filter((each) => each !== undefined)
      .map(({ ident, type }) => equals(ident, type))
      .join(' and ')
  }
  return addressed ? `${equals('tableoid', 'oid')} and ${equals('ctid', 'tid')}` : row.matches()
}

/** A column that an UPDATE can set without changing anything, as every update of the probe ends before or is rolled back. */
export interface Assignable {
  /** Quoted. */
  readonly ident: string
  /** It can be read too, and so be set to itself. */
  readonly readable: boolean
}

/** The column that an UPDATE sets: best one that can be read, and not the tenant's. */
export function assignable({ columns, tenant }: ProbedRelation): Assignable | undefined {
  const updatable = columns.filter((column) => column.updatable && !column.generated && !column.always)
  const plain = updatable.filter(({ name }) => name !== tenant)
  return plain.find(({ readable }) => readable) ?? plain[0] ?? updatable[0]
}

/** `column = column`, qualified where a statement has two rows, or `column = null`. */
export function assign({ ident, readable }: Assignable, row?: string): string {
  return `${ident} = ${readable ? (row === undefined ? ident : `${row}.${ident}`) : 'null'}`
}

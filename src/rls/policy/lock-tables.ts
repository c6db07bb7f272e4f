import type { TableDescription } from './describe/schema-description.ts'
import type { LockMode, TableLock } from './policy-statement.ts'

/** The same lock on several tables, each named once. */
export function lockTables(mode: LockMode, ...tables: readonly TableDescription[]): readonly TableLock[] {
  return [...new Set(tables)].map(({ object, ident }) => ({ table: object, ident, mode }))
}

/**
 * A lock on a table, by the name of its mode.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export type LockMode =
  | 'ROW SHARE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'ACCESS EXCLUSIVE'

/** The strongest lock that a statement takes on a table. */
export interface TableLock {
  /** `schema.table`, unquoted. */
  readonly table: string
  /** The same for SQL. */
  readonly ident: string
  readonly mode: LockMode
}

/** A piece of a migration that stands or falls as one. To run it again changes nothing. */
export interface PolicyStatement {
  /** SQL without comments: the parts in their order, each ended by a semicolon. */
  readonly sql: string
  /** The same, statement by statement. */
  readonly parts: readonly string[]
  /** What it is on: `schema.name`, unquoted, or the name of a role, a schema or the database. */
  readonly object: string
  /** What it is for, in a sentence or two. */
  readonly purpose: string
  /** Empty where it locks no table: privileges and settings of roles. */
  readonly locks: readonly TableLock[]
}

/** Makes a piece of a migration. */
export function policyStatement(
  on: { readonly object: string; readonly purpose: string; readonly locks?: readonly TableLock[] },
  ...parts: readonly string[]
): PolicyStatement {
  const { object, purpose, locks = [] } = on
  return { sql: parts.join('\n'), parts, object, purpose, locks }
}

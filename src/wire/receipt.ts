import { randomUUID } from 'node:crypto'
import { ConfigError } from '../errors/config.ts'
import { AlreadyAppliedError } from '../errors/outcome.ts'
import type { ServerError } from '../errors/server-error.ts'
import { ownStatement, type WireStatement } from './statement.ts'

/** Options of `db.tenant(id).batch`. */
export interface BatchOptions {
  /**
   * A name for the write, under which it is applied once for its tenant, however often it is repeated: a repetition rejects
   * with {@link AlreadyAppliedError}, and applies nothing. It also makes `resolve()` of a {@link CommitUnknownError} exact.
   * Needs the table that `receiptTableSql` writes.
   */
  readonly receipt?: string
}

/** What a write leaves in the table of receipts, in its own transaction. */
export interface Receipt {
  /** The caller's name for the write, which is applied once. */
  readonly key: string
  /** This attempt at it, which either is applied or can be given up for ever. */
  readonly attempt: string
}

/** The table, and the constraint by which a key is applied once. */
export const RECEIPTS = { schema: 'leasehold', table: 'receipts', keyConstraint: 'receipts_key' } as const
/** The table's name in a statement. */
export const RECEIPTS_TABLE: string = `${RECEIPTS.schema}.${RECEIPTS.table}`

/** What an index of PostgreSQL takes, with room to spare. */
const LONGEST_KEY = 512

/**
 * A receipt for one attempt.
 *
 * @throws {ConfigError}
 */
export function createReceipt(key: unknown): Receipt {
  if (typeof key !== 'string' || key === '' || key.length > LONGEST_KEY || key.includes('\0')) {
    throw new ConfigError(`options.receipt must be a text of 1 to ${LONGEST_KEY} characters, without NUL.`)
  }
  return { key, attempt: randomUUID() }
}

/** Goes in front of the write, so that where the key was applied before, the server skips all the rest. */
export function receiptStatement({ key, attempt }: Receipt): WireStatement {
  const text = `insert into ${RECEIPTS_TABLE} (attempt, key) values ($1::pg_catalog.uuid, $2::pg_catalog.text)`
  return { ...ownStatement(text, [attempt, key]), reusable: true }
}

/** What an error of the server means to a write with a receipt. */
export function readReceiptError(error: ServerError): ServerError | AlreadyAppliedError {
  const { schema, table, keyConstraint } = RECEIPTS
  const isRepeated =
    error.code === '23505' &&
    error.schema === schema &&
    error.table === table &&
    error.constraint === keyConstraint
  return isRepeated ? new AlreadyAppliedError(error) : error
}

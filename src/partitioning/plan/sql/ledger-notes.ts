import { quoteText } from '../../../rls/sql/quote.ts'
import type { LedgerState } from '../../ledger/ledger-row.ts'
import type { ExpectedLock } from '../step.ts'

const LEDGER = 'leasehold.partition_ledger'

/** What every note in the ledger takes. */
export const LEDGER_LOCK: ExpectedLock = { table: LEDGER, mode: 'ROW EXCLUSIVE' }

/** The partition that a note is about. */
export interface Noted {
  /** `schema.name` of the partitioned table. */
  readonly table: string
  readonly partition: string
  /** The oid, or an expression for it where the table is made by the same step. */
  readonly oid: number | string
  readonly lowUs?: bigint | undefined
  readonly highUs?: bigint | undefined
}

/**
 * Notes tables that are new to the ledger, or are again what they were. Everything else of the row is begun anew: a server gives an oid
 * again once it has counted to the end, and a receipt of another table must never let one be dropped. Only a hold stays.
 */
export function noteAnew(noted: readonly Noted[], state: LedgerState): string {
  return (
    `insert into ${LEDGER} ("table", partition, oid, low_us, high_us, state) values ${noted.map((each) => values(each, state)).join(', ')} ` +
    'on conflict ("table", oid) do update set partition = excluded.partition, low_us = excluded.low_us, high_us = excluded.high_us, ' +
    'state = excluded.state, archive_uri = null, rows = null, sha256 = null, detached_at = null, drop_after = null, updated_at = pg_catalog.now();'
  )
}

/** Notes how far a table has come. */
export function noteState(noted: Noted, state: LedgerState): string {
  return (
    `insert into ${LEDGER} ("table", partition, oid, low_us, high_us, state) values ${values(noted, state)} ` +
    'on conflict ("table", oid) do update set partition = excluded.partition, state = excluded.state, updated_at = pg_catalog.now();'
  )
}

/**
 * Notes that a table is detached, and from when on it may be dropped. What was archived before counts no more.
 *
 * @param graceDays `undefined` for one that is never dropped unless a person sets its date
 */
export function noteDetached(noted: Noted, graceDays: number | undefined): string {
  const until =
    graceDays === undefined ? 'null' : `pg_catalog.now() + pg_catalog.make_interval(days => ${graceDays})`
  return (
    `insert into ${LEDGER} ("table", partition, oid, low_us, high_us, state, detached_at, drop_after) ` +
    `values ${values(noted, 'detached', ', pg_catalog.now(), ', until)} ` +
    'on conflict ("table", oid) do update set partition = excluded.partition, low_us = excluded.low_us, high_us = excluded.high_us, ' +
    'state = excluded.state, archive_uri = null, rows = null, sha256 = null, detached_at = excluded.detached_at, ' +
    'drop_after = excluded.drop_after, updated_at = pg_catalog.now();'
  )
}

/** Notes that a table is dropped; its row is kept for ever. */
export function noteDropped(noted: Noted): string {
  return `update ${LEDGER} set state = 'dropped', updated_at = pg_catalog.now() where ${isRow(noted)};`
}

/** Forgets a staged table that is dropped: it never held a row. */
export function forgetStaged(noted: Noted): string {
  return `delete from ${LEDGER} where ${isRow(noted)} and state = 'staged';`
}

/**
 * Notes that a table is archived, by the receipt that the archive left in the database, for the table as it is: one that was rewritten
 * since has another file.
 */
export function noteArchived(noted: Noted): string {
  return (
    `update ${LEDGER} as noted set state = 'archived', archive_uri = receipt.manifest_uri, rows = receipt.rows, ` +
    'sha256 = receipt.rows_sha256, updated_at = pg_catalog.now() from (select manifest_uri, rows, rows_sha256 ' +
    `from leasehold_guard.partition_receipt where table_name = ${text(noted.table)} and table_oid = ${noted.oid} ` +
    `and filenode = pg_catalog.pg_relation_filenode(${noted.oid}) order by id desc limit 1) as receipt ` +
    `where noted."table" = ${text(noted.table)} and noted.oid = ${noted.oid} and noted.state in ('detached', 'archived');`
  )
}

/** A condition on the row of a table; with a lock on it, so that a hold that comes meanwhile waits. */
export function hasRow(noted: Noted, condition: string): string {
  return `exists (select from ${LEDGER} where ${isRow(noted)} and ${condition} for update)`
}

function isRow({ table, oid }: Noted): string {
  return `"table" = ${text(table)} and oid = ${oid}`
}

function values(
  { table, partition, oid, lowUs, highUs }: Noted,
  state: LedgerState,
  ...more: string[]
): string {
  const bounds = `${lowUs ?? 'null'}, ${highUs ?? 'null'}`
  return `(${text(table)}, ${text(partition)}, ${oid}, ${bounds}, '${state}'${more.join('')})`
}

function text(value: string): string {
  return quoteText(value).trimStart()
}

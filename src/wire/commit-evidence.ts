import type { CommitEvidence } from '../errors/outcome.ts'
import type { QueryResult } from './pg-internals.ts'
import { ownStatement, type WireStatement } from './statement.ts'

/** What the evidence needs that a hardened server may have taken from PUBLIC. */
const FUNCTIONS = [
  'pg_catalog.pg_current_xact_id_if_assigned()',
  'pg_catalog.pg_xact_status(pg_catalog.xid8)',
  'pg_catalog.pg_stat_get_bgwriter_stat_reset_time()',
  'pg_catalog.pg_walfile_name(pg_catalog.pg_lsn)',
  'pg_catalog.pg_current_wal_lsn()',
]

/**
 * Names one life of one server: it changes with every crash recovery, and with every promotion.
 *
 * After a crash PostgreSQL hands out again the transaction ids that had not reached the disk, so that an old id reads
 * `committed` for somebody else's transaction. A role without privileges sees crash recovery in one place only: it throws
 * the cumulative statistics away and stamps them anew, in microseconds (PostgreSQL 15 and later). The time of the
 * postmaster's start does not change when a backend was killed and the server recovered by itself. A promotion starts a new
 * timeline, the first 8 digits of a WAL file's name.
 *
 * @see https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-STATS-SETUP
 */
const INCARNATION =
  'pg_catalog.concat(extract(epoch from pg_catalog.pg_stat_get_bgwriter_stat_reset_time()), $$/$$, ' +
  'case when pg_catalog.pg_is_in_recovery() then null ' +
  'else pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) end)'

/** Asks whether the role may call all of some functions: one row, `t` or `f`. */
export function mayCall(functions: readonly string[]): WireStatement {
  return asking(
    'select pg_catalog.count(*) operator(pg_catalog.=) $1::pg_catalog.int8 from pg_catalog.unnest($2::pg_catalog.text[]) as name ' +
      "where pg_catalog.has_function_privilege(pg_catalog.to_regprocedure(name)::pg_catalog.oid, 'execute')",
    [String(functions.length), `{${functions.map((name) => `"${name}"`).join(',')}}`],
  )
}

/** Whether the role may read the evidence. */
export const MAY_READ_EVIDENCE: WireStatement = mayCall(FUNCTIONS)

/**
 * Asks, behind the statements of a write, for what later tells whether it was committed.
 *
 * @see https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 */
export const EVIDENCE: WireStatement = asking(
  `select pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.text, ${INCARNATION}`,
)

/** Asks what became of a transaction, and in which life of the server that is said. */
export function statusStatement(evidence: CommitEvidence): WireStatement {
  const status = 'pg_catalog.pg_xact_status($1::pg_catalog.text::pg_catalog.xid8)'
  return asking(`select ${status}, ${INCARNATION}`, [evidence.xid])
}

/** The evidence in the answer to {@link EVIDENCE}; nothing where nothing has been written yet. */
export function readEvidence(answer: QueryResult<unknown> | undefined): CommitEvidence | undefined {
  const [xid, incarnation] = firstRow(answer)
  return xid && incarnation ? { xid, incarnation } : undefined
}

/** The cells of the first row, as texts. */
export function firstRow(answer: QueryResult<unknown> | undefined): readonly (string | null | undefined)[] {
  return (answer?.rows[0] ?? []) as (string | null)[]
}

/** A statement of the library's own that returns a row, whose cells stay the texts that the server sent. */
export function asking(text: string, values: readonly string[] = []): WireStatement {
  const types = { getTypeParser: () => String }
  return { ...ownStatement(text, values), rowMode: 'array', types, describe: true, reusable: true }
}

import { asking, firstRow } from './commit-evidence.ts'
import type { QueryResult } from './pg-internals.ts'
import type { WireStatement } from './statement.ts'

/** Where a server stands in the write-ahead log, as it said itself. */
export interface ServerPosition {
  /** Whether it is a standby: of a server's role nothing else is believed. */
  readonly inRecovery: boolean
  /** What a standby has replayed, or where a primary inserts next: all that can be seen there is before it. */
  readonly lsn: string
  /** What a standby has received; `undefined` on a primary, and on a standby that does not stream. */
  readonly received: string | undefined
  /** Of a primary; a standby tells its own only to roles with privileges. */
  readonly timeline: number | undefined
  /** The same in all copies of one cluster, and in no other. */
  readonly systemId: string
  /** Bytes of a file of the log, and of a page in it. */
  readonly segmentBytes: number
  readonly blockBytes: number
}

/** Where a standby stood when the tenant context was set. */
export type StandbyPosition = Pick<ServerPosition, 'inRecovery'> & {
  /** Nothing on a primary that never was a standby. */
  readonly lsn: string | undefined
}

/** What of the position a hardened server may have taken from PUBLIC. */
export const POSITION_FUNCTIONS: readonly string[] = [
  'pg_catalog.pg_is_in_recovery()',
  'pg_catalog.pg_last_wal_replay_lsn()',
  'pg_catalog.pg_last_wal_receive_lsn()',
  'pg_catalog.pg_current_wal_insert_lsn()',
  'pg_catalog.pg_walfile_name(pg_catalog.pg_lsn)',
  'pg_catalog.pg_control_system()',
]

/**
 * Asks a server where it stands. The insert position and not the flushed one: with `synchronous_commit = off` a commit is seen
 * before it is flushed. The timeline out of a file's name: the control file keeps the old one until a checkpoint after a
 * promotion.
 *
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-BACKUP
 */
export const POSITION: WireStatement = asking(
  'select r, case when r then pg_catalog.pg_last_wal_replay_lsn() else pg_catalog.pg_current_wal_insert_lsn() end, ' +
    'case when r then pg_catalog.pg_last_wal_receive_lsn() end, ' +
    'case when not r then pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8) end, ' +
    '(pg_catalog.pg_control_system()).system_identifier, ' +
    'pg_catalog.pg_size_bytes(pg_catalog.current_setting($$wal_segment_size$$)), ' +
    'pg_catalog.current_setting($$wal_block_size$$) from pg_catalog.pg_is_in_recovery() as r',
)

/** What a standby's context statement says besides, in this order; for {@link readStandbyPosition}. */
export const STANDBY_POSITION: readonly string[] = [
  'pg_catalog.pg_is_in_recovery()',
  'pg_catalog.pg_last_wal_replay_lsn()',
]

/** The position in the answer to {@link POSITION}; nothing where there was no answer, or a standby has replayed nothing. */
export function readPosition(answer: QueryResult<unknown> | undefined): ServerPosition | undefined {
  const [inRecovery, lsn, received, timeline, systemId, segmentBytes, blockBytes] = firstRow(answer)
  if (!lsn || !systemId) return undefined
  return {
    inRecovery: inRecovery === 't',
    lsn,
    received: received ?? undefined,
    timeline: timeline ? Number.parseInt(timeline, 16) : undefined,
    systemId,
    segmentBytes: Number(segmentBytes),
    blockBytes: Number(blockBytes),
  }
}

/** The position in what the context statement reported. */
export function readStandbyPosition([inRecovery, lsn]: readonly (string | null)[]): StandbyPosition {
  return { inRecovery: inRecovery === 't', lsn: lsn ?? undefined }
}

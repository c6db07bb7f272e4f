import { parseLsn } from '../token/wal-position.ts'
import type { ProbeReport } from './probe-report.ts'

/**
 * One row of texts. Of a standby the timeline is the newest that its control file knows, which may come late but is never too
 * new: who has seen more than that belongs to another history.
 *
 * @see https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA
 */
export const PROBE: string =
  'select r, (pg_catalog.pg_control_system()).system_identifier, ' +
  'case when r then pg_catalog.lpad(pg_catalog.to_hex(greatest((pg_catalog.pg_control_checkpoint()).timeline_id, ' +
  '(pg_catalog.pg_control_recovery()).min_recovery_end_timeline)), 8, $$0$$) ' +
  'else pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8) end, ' +
  'case when r then pg_catalog.pg_last_wal_replay_lsn() else pg_catalog.pg_current_wal_insert_lsn() end, ' +
  'pg_catalog.pg_size_bytes(pg_catalog.current_setting($$wal_segment_size$$)), ' +
  'pg_catalog.current_setting($$wal_block_size$$), pg_catalog.pg_backend_pid() ' +
  'from pg_catalog.pg_is_in_recovery() as r'

/** @throws {Error} a standby that has replayed nothing yet */
export function readProbe(cells: readonly (string | null)[]): ProbeReport {
  const [inRecovery, systemId, timeline, lsn, segmentBytes, blockBytes, backendPid] = cells
  if (!systemId || !timeline || !lsn) throw new Error('The server does not say where it stands yet.')
  return {
    inRecovery: inRecovery === 't',
    systemId,
    timeline: Number.parseInt(timeline, 16),
    lsn: parseLsn(lsn),
    segmentBytes: Number(segmentBytes),
    blockBytes: Number(blockBytes),
    backendPid: Number(backendPid),
  }
}

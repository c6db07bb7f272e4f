/** A place in the write-ahead log of one history of one cluster. An LSN alone means nothing after a failover. */
export interface WalPosition {
  /** `system_identifier` of `pg_control_system()`, in decimal digits: the same in all copies of one cluster, and in no other. */
  readonly systemId: string
  /** The timeline, which every promotion makes anew. */
  readonly timeline: number
  /** Bytes from the start of the log. */
  readonly lsn: bigint
}

/** XLogLongPHD, at the start of each segment; both sizes are MAXALIGNed to 8. */
const LONG_PAGE_HEADER = 40n
/** XLogPageHeaderData, at the start of each other page. */
const PAGE_HEADER = 24n

const LSN = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/

/**
 * Reads a `pg_lsn` such as `16/B374D848`.
 *
 * @throws {RangeError} anything else
 * @see https://www.postgresql.org/docs/current/datatype-pg-lsn.html
 */
export function parseLsn(text: string): bigint {
  const [, high, low] = LSN.exec(text) ?? []
  if (!high || !low)
    throw new RangeError('Not an LSN. It must be what PostgreSQL prints, such as 16/B374D848.')
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)
}

/** Writes an LSN as PostgreSQL prints a `pg_lsn`. */
export function formatLsn(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffff_ffffn).toString(16)}`.toUpperCase()
}

/**
 * Takes the page header off an insert position. `pg_current_wal_insert_lsn()` says where the next record will begin; where
 * that is the start of a page, it is behind the page's header, which only the next record brings into being. A standby
 * that has replayed everything stands at the end of the last record, in front of that header: it would not reach the position
 * before somebody else writes. Between the two there is nothing to be seen.
 *
 * @param segmentBytes `wal_segment_size`
 * @param blockBytes `wal_block_size`
 */
export function normaliseLsn(lsn: bigint, segmentBytes: number, blockBytes = 8_192): bigint {
  if (lsn % BigInt(segmentBytes) === LONG_PAGE_HEADER) return lsn - LONG_PAGE_HEADER
  return lsn % BigInt(blockBytes) === PAGE_HEADER ? lsn - PAGE_HEADER : lsn
}

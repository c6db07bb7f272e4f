/**
 * How far a partition has come. The catalog is the truth, the ledger a note of what was meant: a table counts as attached when
 * `pg_inherits` says so, whatever stands here.
 *
 * - `staged`: made and hardened, not attached yet
 * - `attached`
 * - `retiring`: a detach was begun
 * - `detached`: waits in the schema of detached partitions
 * - `archived`: and its archive was read back and compared
 * - `dropped`: the row is kept for ever
 */
export type LedgerState = 'staged' | 'attached' | 'retiring' | 'detached' | 'archived' | 'dropped'

/** One row of `leasehold.partition_ledger`: one partition, by its oid. */
export interface LedgerRow {
  /** `schema.name` of the partitioned table, unquoted. */
  readonly table: string
  /** The partition's name, without a schema. */
  readonly partition: string
  readonly oid: number
  /** Bounds in microseconds of the Unix epoch, the upper one exclusive; `undefined` for one that is open on that side. */
  readonly lowUs: bigint | undefined
  readonly highUs: bigint | undefined
  readonly state: LedgerState
  /** Where its manifest is, once it was archived. */
  readonly archiveUri: string | undefined
  readonly rows: bigint | undefined
  /** Of the archived rows, in hexadecimal. */
  readonly sha256: string | undefined
  readonly detachedAtUs: bigint | undefined
  readonly dropAfterUs: bigint | undefined
  /** Why it must be kept (a legal hold); `undefined` where nothing says so. */
  readonly hold: string | undefined
}

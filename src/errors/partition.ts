import { LeaseholdError } from './leasehold-error.ts'

/**
 * - `pooler`: the connection leads to a pooler.
 * - `lock-timeout`: behind a pooler, the role has no `lock_timeout` of its own.
 * - `clock-skew`: this machine's clock and the server's differ too much to say what is old.
 * - `transaction`: the connection is in a transaction of somebody's.
 */
export type PartitionRefusal = 'pooler' | 'lock-timeout' | 'clock-skew' | 'transaction'

/** Partitions were not worked on, as it would not have been safe. Nothing was changed by what was refused. */
export class PartitionRefusedError extends LeaseholdError {
  readonly code = 'LSH_ERR_PARTITION_REFUSED'
  readonly retryable = false
  readonly reason: PartitionRefusal

  constructor(reason: PartitionRefusal, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.reason = reason
  }
}

/** Another run works on partitions of the same table. Nothing was changed. */
export class PartitionBusyError extends LeaseholdError {
  readonly code = 'LSH_ERR_PARTITION_BUSY'
  readonly retryable = true
  /** `schema.name` of the partitioned table. */
  readonly table: string

  constructor(table: string, holder: number | undefined) {
    const who = holder === undefined ? '' : ` (backend process ${holder})`
    super(
      `Another run${who} works on the partitions of ${table}. Wait for it to end, then run this again: what it leaves is taken up. ` +
        'Nothing was changed.',
    )
    this.table = table
  }
}

/** PostgreSQL, a replica or the archive refused a step, and another try would meet the same. The error itself is the `cause`. */
export class PartitionStepError extends LeaseholdError {
  readonly code = 'LSH_ERR_PARTITION_STEP'
  readonly retryable = false
  /** The step's id. */
  readonly step: string
  /** The SQLSTATE, where the server reported it. */
  readonly sqlState: string | undefined

  constructor(
    step: string,
    message: string,
    { sqlState, cause }: { readonly sqlState?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.step = step
    this.sqlState = sqlState
  }
}

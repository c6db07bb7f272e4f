import { LeaseholdError } from '../../errors/leasehold-error.ts'

/**
 * - `no-such-table`: the partition is not there, or not under that name any more.
 * - `no-guard`: the table `leasehold_guard.partition_receipt`, which receipts are kept in, is missing.
 * - `privilege`: the role may not do it.
 * - `row-security`: the role does not see every row, so an archive of its would be short.
 * - `unreadable-encoding`: the database's encoding cannot be sent as UTF-8.
 * - `package-missing`: an optional package that the format or the sink takes is not installed.
 * - `sink`: the sink failed, is full, or gave a wrong answer.
 * - `sink-conflict`: the sink holds something else under that name; nothing is ever written over.
 * - `read-back`: what the sink gives back is not what was written.
 * - `changed`: the partition changed while it was archived.
 * - `seal`: the rows are not those that were sealed.
 * - `manifest`: a manifest is damaged, or of a version that is not known here.
 * - `restore`: rows of an archive could not be loaded, or are not those of its manifest.
 */
export type ArchiveFailure =
  | 'no-such-table'
  | 'no-guard'
  | 'privilege'
  | 'row-security'
  | 'unreadable-encoding'
  | 'package-missing'
  | 'sink'
  | 'sink-conflict'
  | 'read-back'
  | 'changed'
  | 'seal'
  | 'manifest'
  | 'restore'

/** An archive, a seal or a restore was not made. Nothing counts as archived; run it again. Messages hold no row's value; the `cause` may. */
export class ArchiveError extends LeaseholdError {
  readonly code = 'LSH_ERR_ARCHIVE'
  readonly retryable: boolean
  readonly reason: ArchiveFailure

  constructor(reason: ArchiveFailure, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.reason = reason
    this.retryable = reason === 'sink' || reason === 'changed'
  }
}

/** Says that a partition's rows were written, read back and compared. */
export interface ArchiveReceipt {
  /** Where the manifest is: for the ledger's `archiveUri`. */
  readonly manifestUri: string
  /** SHA-256 of the manifest, in hexadecimal. */
  readonly manifestSha256: string
  readonly rows: bigint
  /** Of the objects that hold the rows, as they lie in the sink. */
  readonly bytes: bigint
  /** SHA-256 over all rows in their order, in hexadecimal: for the ledger's `sha256`. */
  readonly sha256: string
  /** Whether the database noted it, so that the drop guard lets the table go. Not for a partition that is still attached. */
  readonly noted: boolean
}

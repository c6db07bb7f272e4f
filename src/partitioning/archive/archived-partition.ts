/** Which table is archived, sealed or verified. */
export interface ArchivedPartition {
  /** The partitioned table, `schema.name`, unquoted; what receipts and seals are kept under. */
  readonly table: string
  /** The schema that the partition lies in now. */
  readonly schema: string
  /** Its name, without the schema. */
  readonly partition: string
  /** Its oid, where it is known: one that was dropped and made again under the same name is refused. */
  readonly oid?: number
  /** Bounds in microseconds of the Unix epoch, the upper one exclusive; `undefined` for one that is open on that side. */
  readonly lowUs: bigint | undefined
  readonly highUs: bigint | undefined
  /** The column that the table is partitioned by. */
  readonly key: string
  readonly tenantColumn: string
}

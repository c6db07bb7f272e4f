/** What the key of a partitioned table is made of. */
export type KeyType = 'timestamptz' | 'timestamp' | 'date' | 'uuidv7'

/** How a table is kept in months. */
export interface PartitionedTableOptions {
  /** The column that the table is partitioned by. */
  readonly key: string
  readonly keyType: KeyType
  readonly every: 'month'
  /** Whole months that exist ahead of the month of the clock. @default 3 */
  readonly premake?: number
  /** How long rows are kept, in whole months behind the month of the clock. @default for ever */
  readonly retain?: { readonly months: number }
  /** Days for which a detached partition is kept before it is dropped. @default 14 */
  readonly graceDays?: number
  /** What has to be written, read back and compared before a detached partition is dropped. @default nothing: it is never dropped */
  readonly archive?: ArchiveRules
  /** Attached partitions that are always left. @default 4 */
  readonly minLeaves?: number
  /** Partitions that one run retires, the oldest first. @default 1 */
  readonly maxRetirePerRun?: number
}

/** Where closed months go. */
export interface ArchiveRules {
  readonly format: 'ndjson.gz' | 'parquet'
  /** `file:///folder`, or `s3://bucket/prefix`. */
  readonly sink: string
}

/** Tables of one schema that are kept in months. */
export interface PartitionOptions {
  /** @default 'public' */
  readonly schema?: string
  /** Where partitions live; the application has no USAGE of it. @default `<schema>_parts` */
  readonly partsSchema?: string
  /** Where detached partitions wait to be dropped; nobody but the owner has USAGE of it. @default `<schema>_detached` */
  readonly detachedSchema?: string
  /** @default 'tenant_id' */
  readonly tenantColumn?: string
  /** The application's role, which must reach no partition by its own name. @default 'app' */
  readonly appRole?: string
  /** By name, without the schema. */
  readonly tables: Readonly<Record<string, PartitionedTableOptions>>
}

/** {@link PartitionOptions}, checked and with the defaults filled in; what everything else works with. */
export interface PartitionSet {
  readonly schema: string
  readonly partsSchema: string
  readonly detachedSchema: string
  readonly tenantColumn: string
  readonly appRole: string
  readonly tables: readonly PartitionedTable[]
}

/** One table of a {@link PartitionSet}. */
export interface PartitionedTable {
  readonly name: string
  readonly key: string
  readonly keyType: KeyType
  readonly premake: number
  readonly retainMonths: number | undefined
  readonly graceDays: number
  readonly archive: ArchiveRules | undefined
  readonly minLeaves: number
  readonly maxRetirePerRun: number
}

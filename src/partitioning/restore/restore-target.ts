import type { KeyType } from '../definition/partition-options.ts'

/** Where an archive is restored to. */
export interface RestoreTarget {
  /** The partitioned table. */
  readonly schema: string
  readonly table: string
  /** Where its partitions live. */
  readonly partsSchema: string
  /** The parent's owner. */
  readonly owner: string
  readonly key: string
  readonly keyType: KeyType
  /** Tables that the parent has foreign keys to: `schema.name`, unquoted. */
  readonly foreignTables: readonly string[]
}

/** A partition that is, or is to be, attached. */
export interface RestoredPartition {
  readonly name: string
  readonly lowUs: bigint | undefined
  readonly highUs: bigint | undefined
}

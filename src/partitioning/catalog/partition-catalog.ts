import type { PartitionedTable } from '../definition/partition-options.ts'
import type { LedgerRow } from '../ledger/ledger-row.ts'

/** All that a plan depends on, read in one snapshot of one database. Plain data: planning is pure. */
export interface PartitionCatalog {
  /** The server's clock, in microseconds of the Unix epoch. */
  readonly nowUs: bigint
  /** Such as 180004. */
  readonly serverVersion: number
  readonly inRecovery: boolean
  /** Whether the schemas and the ledger that the job needs are there. */
  readonly prepared: {
    readonly partsSchema: boolean
    readonly detachedSchema: boolean
    readonly ledger: boolean
  }
  readonly tables: readonly TableState[]
}

/** One partitioned table as it stands. */
export interface TableState {
  readonly definition: PartitionedTable
  /** Nothing where the table does not exist. */
  readonly parent: ParentState | undefined
  readonly leaves: readonly Leaf[]
  /** Tables of the ledger, or in the schema of partitions or of detached ones, that are attached to nothing. */
  readonly loose: readonly LooseTable[]
  readonly ledger: readonly LedgerRow[]
}

export interface ParentState {
  readonly oid: number
  /** `p` where it is partitioned, `r` where it is still a plain table, that `convert` is for. */
  readonly kind: 'p' | 'r'
  readonly owner: string
  /** The column and the type that it is partitioned by, as the catalog has them; nothing where it is not partitioned by one column and range. */
  readonly partitionKey: { readonly column: string; readonly type: string } | undefined
  /** Columns of the primary key, in their order; empty without one. */
  readonly primaryKey: readonly string[]
  /** Constraints of foreign keys that the table has, and who is referenced. */
  readonly foreignKeys: readonly ForeignKey[]
  /** Tables with a foreign key to this one: `schema.name` and the constraint's name. */
  readonly referencedBy: readonly ForeignKey[]
  readonly rowSecurity: boolean
  readonly forceRowSecurity: boolean
  /** Roles other than the owner that the table's ACL names; '' stands for PUBLIC. */
  readonly grantees: readonly string[]
}

export interface ForeignKey {
  readonly name: string
  /** `schema.name` of the other table, unquoted. */
  readonly table: string
}

/** An attached partition, or one whose detach is pending. */
export interface Leaf extends RelationState {
  readonly isDefault: boolean
  /** Microseconds of the Unix epoch; `undefined` is MINVALUE or MAXVALUE. Of a uuidv7 key, those of the 48 bits of milliseconds. */
  readonly lowUs: bigint | undefined
  readonly highUs: bigint | undefined
  readonly detachPending: boolean
}

/** A table that belongs to the job and is attached to nothing. */
export interface LooseTable extends RelationState {
  /** Names of its CHECK constraints. */
  readonly checks: readonly string[]
}

/** What is known of a partition as a relation. */
export interface RelationState {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly owner: string
  readonly rowSecurity: boolean
  readonly forceRowSecurity: boolean
  readonly policies: number
  /** Roles other than the owner that its ACL names, of the table or of a column; '' stands for PUBLIC. */
  readonly grantees: readonly string[]
  readonly foreignKeys: readonly ForeignKey[]
  /** Whether the table holds no row: only asked of loose ones. */
  readonly isEmpty: boolean | undefined
}

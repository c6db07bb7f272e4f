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
  /** The schemas of partitions and of detached ones, as far as they are there. */
  readonly schemas: readonly SchemaState[]
  /** What tables will be granted that are yet to be made in those schemas; roles other than the maker only. */
  readonly defaultPrivileges: readonly DefaultPrivilege[]
  readonly tables: readonly TableState[]
}

/** A schema that the job keeps tables in. */
export interface SchemaState {
  readonly name: string
  readonly owner: string
  /** Roles other than the owner that its ACL names, whatever for; '' stands for PUBLIC. */
  readonly grantees: readonly string[]
  /** Whether the application's role can use it, by whatever way (`has_schema_privilege`); nothing where there is no such role. */
  readonly appUsage: boolean | undefined
}

/** An entry of `pg_default_acl` for tables. */
export interface DefaultPrivilege {
  /** Whose tables it is for. */
  readonly maker: string
  /** The schema that it is for; nothing where it is for all of them. */
  readonly schema: string | undefined
  /** '' stands for PUBLIC. */
  readonly grantee: string
  /** Such as `SELECT`, in the order of the alphabet. */
  readonly privileges: readonly string[]
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
  /** Names of its indexes that are not valid: of a partitioned one, those that some partition has no part of. */
  readonly invalidIndexes: readonly string[]
  readonly replicaIdentity: ReplicaIdentity
  /** Publications that name it or its schema; FOR ALL TABLES is not among them. */
  readonly publications: readonly string[]
}

/** `pg_class.relreplident`: default, nothing, full, index. */
export type ReplicaIdentity = 'd' | 'n' | 'f' | 'i'

export interface ForeignKey {
  readonly name: string
  /** Whether it came down from the partitioned table (`conparentid <> 0`); always false of the partitioned table's own. */
  readonly inherited: boolean
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
  /** Names of the partitioned table's indexes that no index of this partition is attached to. */
  readonly missingIndexes: readonly string[]
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
  /** Their names. */
  readonly policyNames: readonly string[]
  /** Roles other than the owner that its ACL names, of the table or of a column; '' stands for PUBLIC. */
  readonly grantees: readonly string[]
  readonly foreignKeys: readonly ForeignKey[]
  /** Tables with a foreign key to this one by its own name (`conparentid = 0`). */
  readonly referencedBy: readonly ForeignKey[]
  /** Names of its indexes that are not valid, such as what a killed CREATE INDEX CONCURRENTLY leaves. */
  readonly invalidIndexes: readonly string[]
  readonly replicaIdentity: ReplicaIdentity
  /** Publications that name it or its schema; those that it is in through the partitioned table are not among them. */
  readonly publications: readonly string[]
  /** Whether the table holds no row: only asked of loose ones. */
  readonly isEmpty: boolean | undefined
}

/** Everything that makes a table what it is to those who use it, and that a table put in its place must have too. Names are unquoted. */
export interface TableShape {
  readonly oid: number
  /** `r` plain, `p` partitioned; as `pg_class.relkind`. */
  readonly kind: string
  /** `p` permanent, `u` unlogged, `t` temporary. */
  readonly persistence: string
  readonly isPartition: boolean
  readonly isTyped: boolean
  readonly accessMethod: string | null
  readonly tablespace: string | null
  readonly owner: string
  /** Such as `fillfactor=70`, and those of its TOAST table. */
  readonly options: readonly string[]
  readonly toastOptions: readonly string[]
  readonly rowSecurity: boolean
  readonly forced: boolean
  /** `d` default, `n` nothing, `f` full, `i` index. */
  readonly replicaIdentity: string
  readonly replicaIndex: string | null
  readonly comment: string | null
  /** Whether there are statistics of it, `-1` where there are none. */
  readonly tuples: number
  readonly columns: readonly ColumnShape[]
  readonly identities: readonly IdentityShape[]
  readonly serials: readonly SerialShape[]
  readonly constraints: readonly ConstraintShape[]
  /** Indexes that belong to no constraint. */
  readonly indexes: readonly IndexShape[]
  readonly statistics: readonly StatisticsShape[]
  readonly policies: readonly PolicyShape[]
  readonly triggers: readonly TriggerShape[]
  readonly grants: readonly Grant[]
  readonly publications: readonly PublicationShape[]
  /** Roles that default privileges name for tables: what a new table may be born with. '' stands for PUBLIC. */
  readonly defaultGrantees: readonly string[]
  /** Leaves where it is partitioned. */
  readonly leaves: readonly LeafShape[]
  readonly surroundings: Surroundings
}

export interface ColumnShape {
  readonly name: string
  readonly type: string
  readonly notNull: boolean
  readonly isGenerated: boolean
  /** SET STATISTICS; null for the default. */
  readonly target: number | null
  /** Such as `n_distinct=100`. */
  readonly options: readonly string[]
}

export interface IdentityShape {
  readonly column: string
  readonly always: boolean
  /** Qualified and quoted. */
  readonly sequence: string
  readonly sequenceName: string
  /** `START WITH 1 INCREMENT BY 1 …` */
  readonly parameters: string
  readonly grants: readonly Grant[]
}

/** A sequence that belongs to a column, of which it is not the identity. */
export interface SerialShape {
  readonly column: string
  /** Qualified and quoted. */
  readonly sequence: string
}

export interface ConstraintShape {
  readonly name: string
  /** As `pg_constraint.contype`. */
  readonly kind: string
  readonly definition: string
  readonly columns: readonly string[]
  readonly isValid: boolean
  readonly isDeferrable: boolean
  readonly noInherit: boolean
  readonly references: { readonly object: string; readonly ident: string } | null
  readonly comment: string | null
  /** Of the index behind it. */
  readonly indexComment: string | null
}

export interface IndexShape {
  readonly name: string
  readonly definition: string
  readonly isUnique: boolean
  readonly isValid: boolean
  readonly columns: readonly string[]
  readonly comment: string | null
}

export interface StatisticsShape {
  readonly name: string
  readonly schema: string
  readonly owner: string
  readonly definition: string
  readonly target: number | null
  readonly comment: string | null
}

export interface PolicyShape {
  readonly name: string
  readonly permissive: boolean
  /** `ALL`, `SELECT`, … */
  readonly command: string
  /** '' stands for PUBLIC. */
  readonly roles: readonly string[]
  readonly using: string | null
  readonly check: string | null
  readonly comment: string | null
}

export interface TriggerShape {
  readonly name: string
  readonly definition: string
  /** As `pg_trigger.tgenabled`. */
  readonly enabled: string
  /** For each row, and reads a transition table. */
  readonly hasRowTransition: boolean
  readonly comment: string | null
}

export interface Grant {
  /** '' stands for PUBLIC. */
  readonly grantee: string
  readonly privilege: string
  readonly column: string | null
  readonly grantable: boolean
}

export interface PublicationShape {
  readonly name: string
  readonly viaRoot: boolean
  /** Whether the publication names the table, and not all tables or all of a schema. */
  readonly isNamed: boolean
  readonly columns: readonly string[] | null
  readonly filter: string | null
}

export interface LeafShape {
  readonly schema: string
  readonly name: string
  readonly oid: number
  /** As `pg_get_expr` prints it in UTC. */
  readonly bound: string
  readonly comment: string | null
}

/** What is bound to the table by its oid, and would stay with the old one. */
export interface Surroundings {
  readonly rules: readonly string[]
  /** `schema.name` of tables that it inherits from or that inherit from it. */
  readonly kin: readonly string[]
  readonly referencedBy: readonly { readonly name: string; readonly table: string }[]
  readonly dependents: readonly Dependent[]
}

export interface Dependent {
  /** `view`, `materialized view`, `function`, `policy`, or what else PostgreSQL calls it. */
  readonly kind: string
  /** Such as `schema.name`. */
  readonly name: string
}

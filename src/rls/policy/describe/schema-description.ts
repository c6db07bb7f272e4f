/** What the generator has to know of a database; `ident` is a name as PostgreSQL quotes it, qualified where it lies in a schema. */
export interface SchemaDescription {
  /** `server_version_num`, such as 180004. */
  readonly serverVersion: number
  readonly role: RoleDescription
  readonly database: { readonly name: string; readonly owned: boolean; readonly grants: readonly Grant[] }
  readonly schemas: readonly NamespaceDescription[]
  readonly defaultPrivileges: readonly DefaultPrivileges[]
  /** Tables and partitioned tables, partitions included. */
  readonly tables: readonly TableDescription[]
  /** Names that tables, indexes, sequences and views have taken, by schema. */
  readonly names: Readonly<Record<string, readonly string[]>>
}

/** The login role, and all roles whose privileges it has or can take. */
export interface RoleDescription {
  readonly name: string
  readonly ident: string
  /** Roles of them that policies do not hold. */
  readonly exempt: readonly string[]
}

/** A privilege that one of the application's roles, or PUBLIC, has been given. */
export interface Grant {
  /** The role quoted, or `public`. */
  readonly grantee: string
  /** In upper case, such as `SELECT`. */
  readonly privilege: string
  /** Column that it is for, where it is not for the whole table. */
  readonly column: string | null
  /** The role that gave it and that alone can take it away, where that is not the owner. */
  readonly grantor: string | null
}

export interface NamespaceDescription {
  readonly name: string
  readonly ident: string
  /** Whether one of the application's roles owns it. */
  readonly owned: boolean
  /** Whether the login role may use it. */
  readonly usable: boolean
  readonly grants: readonly Grant[]
}

/** Privileges that tables made by a role will be born with. */
export interface DefaultPrivileges {
  readonly ownerIdent: string
  /** Absent where it is for all schemas. */
  readonly schemaIdent: string | null
  readonly grantee: string
}

export interface TableDescription {
  readonly schema: string
  readonly schemaIdent: string
  readonly name: string
  /** `schema.name`, unquoted. */
  readonly object: string
  readonly ident: string
  readonly partitioned: boolean
  /** The table it is a partition of, at the top, as `schema.name`. */
  readonly root: string | null
  readonly owned: boolean
  readonly rowSecurity: boolean
  readonly forced: boolean
  readonly columns: readonly ColumnDescription[]
  readonly tenant: string | null
  /** Whether an index that always serves leads with the tenant. */
  readonly tenantIndexed: boolean
  readonly keys: readonly KeyDescription[]
  readonly foreignKeys: readonly ForeignKeyDescription[]

  readonly checks: readonly CheckDescription[]
  readonly policies: readonly PolicyDescription[]
  readonly grants: readonly Grant[]
  readonly sequences: readonly SequenceDescription[]
}

export interface ColumnDescription {
  readonly name: string
  readonly ident: string
  /** As `format_type` prints it, qualified. */
  readonly type: string
  /** The type below domains, without a modifier. */
  readonly baseType: string
  readonly domain: boolean
  readonly notNull: boolean
  readonly default: string | null
  /** Computed from other columns, or numbered by the server. */
  readonly generated: boolean
}

/** A unique index, or one that excludes, and its constraint; also one that was left invalid. */
export interface KeyDescription {
  readonly name: string
  readonly ident: string
  readonly kind: 'primary key' | 'unique' | 'exclude' | 'index'
  readonly unique: boolean
  /** False where `CREATE INDEX CONCURRENTLY` has not come to its end. */
  readonly valid: boolean
  readonly partial: boolean
  /** Names of the key's columns; null for an expression. */
  readonly columns: readonly (string | null)[]
  /** What follows `(` in the index's definition; null where that could not be told. */
  readonly indexBody: string | null
  /** What precedes it, up to and with `(`, without the name. */
  readonly method: string
  /** The constraint as PostgreSQL prints it, and whether it is checked late. */
  readonly definition: string | null
  readonly timing: string
  /** A key over ranges that do not overlap (PostgreSQL 18). */
  readonly temporal: boolean
  /** Whether it comes from the key of a partitioned table above. */
  readonly inherited: boolean
  /** Whether rows are told apart by it in logical replication. */
  readonly replicaIdentity: boolean
  /** Whether the method can tell tenants apart, for one that excludes. */
  readonly takesTenant: boolean
}

export interface ForeignKeyDescription {
  readonly name: string
  readonly ident: string
  readonly columns: readonly string[]
  /** The table it refers to, as `schema.name`. */
  readonly references: string
  readonly referencedColumns: readonly string[]
  readonly onUpdate: ReferentialAction
  readonly onDelete: ReferentialAction
  /** The columns that ON DELETE SET changes, where they are named. */
  readonly onDeleteColumns: readonly string[]
  readonly matchFull: boolean
  /** Over ranges of time (PostgreSQL 18). */
  readonly temporal: boolean
  readonly timing: string
  readonly valid: boolean
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'

export interface PolicyDescription {
  readonly name: string
  readonly ident: string
  readonly permissive: boolean
  /** `*` for all commands. */
  readonly command: string
  /** Roles quoted, or `public`. */
  readonly roles: readonly string[]
  /** Whether it is for nobody but the application's roles and PUBLIC. */
  readonly onlyApp: boolean
  readonly using: string | null
  readonly check: string | null
}

/** A sequence that a column's default draws from, or that a column owns. */
export interface SequenceDescription {
  readonly object: string
  readonly ident: string
  /** Whether whoever inserts needs a privilege on it, which that of an identity column does not. */
  readonly drawn: boolean
  /** Whether the login role may draw from it. */
  readonly usable: boolean
  readonly grants: readonly Grant[]
}

export interface CheckDescription {
  readonly name: string
  readonly ident: string
  readonly valid: boolean
  /** As PostgreSQL prints it. */
  readonly condition: string
}

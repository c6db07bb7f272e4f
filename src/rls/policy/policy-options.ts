/** What a role may be given on a table of tenants, or on a shared one. */
export type TablePrivilege = 'select' | 'insert' | 'update' | 'delete'

/** A further setting that holds a value of the transaction, and the column whose rows are kept to it. */
export interface SettingColumn {
  /** Such as `app.user_id`. */
  readonly setting: string
  /** The column that is compared with it, such as `user_id`. */
  readonly column: string
  /** The tables it is for, as `schema.table`: by default every table of tenants that has the column. */
  readonly tables?: readonly string[]
}

/** What the generator has to know of the application. Tables are named `schema.table`, unquoted. */
export interface PolicyOptions {
  /** The role that the application logs in as. It must be there. */
  readonly appRole: string
  /** The setting that holds the tenant of a transaction, such as `app.tenant_id`. */
  readonly tenantSetting: string
  /** The column that names the tenant of a row, such as `tenant_id`. Its type is found in the catalogs. */
  readonly tenantColumn: string
  /** Tables whose tenant column has another name, such as `{ 'public.organizations': 'id' }`. */
  readonly tenantColumns?: Readonly<Record<string, string>>
  /** All tables of these schemas; their partitions, wherever those lie. @default ['public'] where no tables are named */
  readonly schemas?: readonly string[]
  /** These tables only. */
  readonly tables?: readonly string[]
  /** Tables that belong to no tenant, and that the application may read and not write. */
  readonly shared?: readonly string[]
  /** Tables of the schemas that the application has no business with, such as the ledger of a migration tool. */
  readonly internal?: readonly string[]
  /** Further settings that narrow what is seen inside a tenant. */
  readonly settings?: readonly SettingColumn[]
  /**
   * What the application may do with a table of tenants, exactly. Of a table that is not named here, what it may do
   * already is kept; where that is nothing it is given all four, and on the table of the tenants themselves `select`.
   */
  readonly privileges?: Readonly<Record<string, readonly TablePrivilege[]>>
  /**
   * Policies to be left as they are. Any other permissive policy for the application or for PUBLIC is dropped: beside the
   * one that lets the application see all rows of its tenant, it could add nothing, or another tenant's rows.
   */
  readonly keepPolicies?: readonly string[]
}

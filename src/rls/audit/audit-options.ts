/** What an audit has to know of the application. */
export interface AuditOptions {
  /** The role that the application logs in as. */
  readonly appRole: string
  /** The column that names the tenant of a row. */
  readonly tenantColumn: string
  /** Tables whose tenant column has another name, by `schema.table`. */
  readonly tenantColumns: Readonly<Record<string, string>>
  /** The setting that holds the tenant of a transaction. */
  readonly tenantSetting: string
  /** Further settings that policies may read. */
  readonly settings: readonly string[]
  /** Tables that belong to no tenant and that all may see, as `schema.table`. */
  readonly shared: readonly string[]
  /** Roles that make backups, which must see every row. */
  readonly backupRoles: readonly string[]
  /** Connection string of pgbouncer's administration console. */
  readonly poolerUrl?: string | undefined
  /** Files of the application's source, for the rule that reads them. */
  readonly sources: readonly string[]
}

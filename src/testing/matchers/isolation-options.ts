/** What a test of isolation has to know. */
export interface IsolationOptions {
  /** Two tenants that have rows in each table under test. */
  readonly tenants: readonly [string, string]
  /** The column that names the tenant of a row. @default that of the database object, or 'tenant_id' */
  readonly tenantColumn?: string
  /** The setting that policies read. @default that of the database object, or 'app.tenant_id' */
  readonly tenantSetting?: string
  /** Values of further settings without which policies show nothing, for both tenants. */
  readonly settings?: Readonly<Record<string, string>>
}

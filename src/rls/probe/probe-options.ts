import type { AuditOptions } from '../audit/audit-options.ts'
import type { CatalogClient } from '../catalog/catalog-client.ts'

/** What a probe speaks through: a connected `pg.Client`. */
export interface ProbeClient extends CatalogClient {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowCount?: number | null }>
}

/** The connections of a probe. Both lead to PostgreSQL itself, past any pooler, and give each query a limit in time. */
export interface ProbeClients {
  /**
   * Logged in as the application, best of all, or as a role that may SET ROLE to it. In no transaction, and fresh: once the
   * tenant has been set on a connection, what is seen before it was ever set is not to be found out. Close it afterwards.
   */
  readonly app: ProbeClient
  /**
   * Logged in as a role that no policy holds, to read catalogs and to find two tenants. In no transaction. Only reads, in
   * transactions that are read only.
   */
  readonly admin?: CatalogClient | undefined
}

/** A tenant that is worked for. */
export interface ProbeTenant {
  /** As the tenant column holds it. */
  readonly id: string
  /**
   * Settings that policies read beside the tenant's, such as `app.user_id`, and their values for it. The tenant's own too where that
   * is not the id, as with a seal.
   *
   * @default {}
   */
  readonly settings?: Readonly<Record<string, string>>
}

/** What a probe has to know of the application, and how far it goes. */
export interface ProbeOptions
  extends Pick<AuditOptions, 'tenantColumn' | 'tenantColumns' | 'tenantSetting' | 'settings' | 'shared'> {
  /**
   * The role that the application logs in as, where {@link ProbeClients.app} has not logged in as it: it is taken by SET ROLE.
   *
   * @default the role that has logged in
   */
  readonly appRole?: string | undefined
  /**
   * Two tenants that have rows in as many tables as can be.
   *
   * @default those that {@link ProbeClients.admin} finds
   */
  readonly tenants?: readonly [ProbeTenant, ProbeTenant] | undefined
  /**
   * Whether writes are tried, each of them rolled back. Triggers fire for them, the server logs what it refused, and until the
   * rollback rows are locked.
   *
   * @default true; never on a replica
   */
  readonly writes?: boolean | undefined
  /** Relations and functions that are left alone, as `schema.name`. @default [] */
  readonly skip?: readonly string[] | undefined
  /** How long a statement may take. @default 5000 */
  readonly statementTimeoutMs?: number | undefined
  /** How long a statement may wait for a lock. @default 200 */
  readonly lockTimeoutMs?: number | undefined
}

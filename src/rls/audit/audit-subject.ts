import { ConfigError } from '../../errors/config.ts'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import type { AuditOptions } from './audit-options.ts'
import { CATALOG_VIEW } from './catalog-view.ts'

/** The database under audit. */
export class AuditSubject {
  readonly options: AuditOptions
  /** `server_version_num`, such as 180004. */
  readonly serverVersion: number
  /** For a rule that has to try what it judges, in a savepoint. */
  readonly client: CatalogClient
  readonly #cached = new Map<string, Promise<readonly unknown[]>>()

  /**
   * Looks at a database from inside a transaction, whose search_path it sets.
   *
   * @throws {ConfigError} when it has no role of that name
   */
  static async open(client: CatalogClient, options: AuditOptions): Promise<AuditSubject> {
    // So that no schema's objects stand in for the catalogs', and expressions are printed with qualified names.
    await client.query("select pg_catalog.set_config('search_path', 'pg_catalog', true)")
    const { rows } = await client.query(
      "select current_setting('server_version_num')::int as version, exists (select from pg_roles where rolname = $1) as known",
      [options.appRole],
    )
    const [found] = rows as readonly { version: number; known: boolean }[]
    if (!found?.known) {
      throw new ConfigError(
        `The database has no role ${JSON.stringify(options.appRole)}. Name the role that the application logs in as: ` +
          '`--app-role` on the command line, `appRole` in the configuration.',
      )
    }
    return new AuditSubject(client, options, found.version)
  }

  private constructor(client: CatalogClient, options: AuditOptions, serverVersion: number) {
    this.client = client
    this.options = options
    this.serverVersion = serverVersion
  }

  /** Runs a query over {@link CATALOG_VIEW}. The same text is run once, so rules may share one. */
  rows<Row>(query: string): Promise<readonly Row[]> {
    const known = this.#cached.get(query)
    const rows = known ?? this.#run(query)
    if (!known) this.#cached.set(query, rows)
    return rows as Promise<readonly Row[]>
  }

  async #run(query: string): Promise<readonly unknown[]> {
    const { appRole, tenantColumn, tenantSetting, settings, shared, tenantColumns } = this.options
    const text = `${CATALOG_VIEW}\n${query}`
    const { rows } = await this.client.query(text, [
      appRole,
      tenantColumn,
      tenantSetting,
      settings,
      shared,
      JSON.stringify(tenantColumns),
    ])
    return rows
  }
}

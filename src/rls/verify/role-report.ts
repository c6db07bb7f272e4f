import type { CatalogClient } from '../catalog/catalog-client.ts'
import type { ServerIdentity } from '../server-version/examine-server.ts'
import { ROLE_STATEMENT } from './role-statement.ts'

/** A role that a session can act as, or whose privileges it has. */
export interface ReachedRole {
  readonly name: string
  /** The role that is a member of it, and through which it was reached; nothing for the session's own. */
  readonly via: string | null
  /** This and the next pass to no member: they count for what a session is or can become. */
  readonly superuser: boolean
  readonly bypassesRls: boolean
  /** Whether it can make itself a member of any other role but superusers, as CREATEROLE could before PostgreSQL 16. */
  readonly takesRoles: boolean
  /** How many tables it owns that have row security or the tenant column. */
  readonly ownedCount: number
  /** The first of them, quoted. */
  readonly owned: readonly string[]
}

/** Who the sessions of a pool are, as far as row security goes. */
export interface RoleReport {
  readonly loginRole: string
  /** Differs from the login role where a setting of the role or the database has sessions begin as another. */
  readonly currentRole: string
  readonly server: ServerIdentity
  /** The setting of that name. */
  readonly rowSecurity: boolean
  /** The session's own roles first. */
  readonly reached: readonly ReachedRole[]
}

/**
 * Finds out who the sessions of a pool are. One round trip.
 *
 * @param tenantColumn the column that names the tenant of a row
 * @throws the server's own error, or that of the connection
 */
export async function reportRole(client: CatalogClient, tenantColumn: string): Promise<RoleReport> {
  const { rows } = await client.query(ROLE_STATEMENT, [tenantColumn])
  const [{ report }] = rows as readonly [{ report: string }]
  return JSON.parse(report)
}

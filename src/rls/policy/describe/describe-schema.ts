import { AuditSubject } from '../../audit/audit-subject.ts'
import type { CatalogClient } from '../../catalog/catalog-client.ts'
import type { PolicyOptions } from '../policy-options.ts'
import type { SchemaDescription } from './schema-description.ts'
import { DATABASE, DEFAULT_PRIVILEGES, NAMES, ROLE, SCHEMAS } from './surroundings.ts'
import { TABLES } from './tables.ts'

/** As text, so that it reads the same whatever parsers of types the client has. */
const QUERY = `select json_build_object('role', ${ROLE}, 'database', ${DATABASE}, 'schemas', ${SCHEMAS},
  'defaultPrivileges', ${DEFAULT_PRIVILEGES}, 'tables', ${TABLES}, 'names', ${NAMES})::text as description`

/**
 * Reads from the catalogs what the generator has to know.
 *
 * @param client in a transaction, best one that is read only and repeatable read; its search_path is changed until its end
 * @throws {ConfigError} when there is no such role
 */
export async function describeSchema(
  client: CatalogClient,
  options: PolicyOptions,
): Promise<SchemaDescription> {
  const { appRole, tenantColumn, tenantColumns = {}, tenantSetting, shared = [] } = options
  const subject = await AuditSubject.open(client, {
    appRole,
    tenantColumn,
    tenantColumns,
    tenantSetting,
    shared,
    settings: [],
    backupRoles: [],
    sources: [],
  })
  const [row] = await subject.rows<{ readonly description: string }>(QUERY)
  const described: Omit<SchemaDescription, 'serverVersion'> = JSON.parse(row?.description ?? '')
  return { ...described, serverVersion: subject.serverVersion }
}

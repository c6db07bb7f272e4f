import type { CatalogClient } from '../catalog/catalog-client.ts'
import type { ServerIdentity } from './examine-server.ts'

/** The query of {@link readServer}. */
export const SERVER_QUERY = `select pg_catalog.current_setting('server_version') as version,
  pg_catalog.current_setting('server_version_num')::int as "versionNumber"`

/** Asks a server for its version. */
export async function readServer(client: CatalogClient): Promise<ServerIdentity> {
  const { rows } = await client.query(SERVER_QUERY)
  const [identity] = rows as readonly ServerIdentity[]
  return identity ?? { version: '', versionNumber: 0 }
}

import pg from 'pg'
import { startRig } from '../../src/testing/index.ts'
import { schemaStatements } from './schema.ts'

/** Redis, and PostgreSQL with the documents. */
export interface CacheServers {
  readonly redisUrl: string
  readonly databaseUrl: string
  readonly postgres: string
}

/** Starts the servers and fills the table. */
export async function startServers(resources: AsyncDisposableStack): Promise<CacheServers> {
  const rig = resources.use(await startRig({ standbys: 0, settings: { autovacuum: 'off' } }))
  const { primary, redis } = rig
  if (!redis) throw new Error('The rig has no Redis.')
  const admin = new pg.Client({ connectionString: primary.adminUrl() })
  await admin.connect()
  try {
    for (const { text, values } of schemaStatements()) await admin.query(text, values && [...values])
    const { rows } = await admin.query<{ server_version: string }>('show server_version')
    const databaseUrl = `postgres://app@${primary.host}:${primary.port}/postgres`
    return { redisUrl: redis.url, databaseUrl, postgres: rows[0]?.server_version ?? '' }
  } finally {
    await admin.end()
  }
}

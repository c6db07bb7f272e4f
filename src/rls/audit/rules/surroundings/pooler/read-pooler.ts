import pg from 'pg'
import type { PooledDatabase, PoolerFacts } from './pooler-facts.ts'

/** Limit for the connection and for each question, in milliseconds. */
const TIMEOUT_MS = 5_000

/** Whose pool is asked after. */
export interface PoolerQuestion {
  /** The database under audit, by its name at the server. */
  readonly database: string
  readonly appRole: string
}

type Row = Readonly<Record<string, unknown>>

/**
 * Reads pgbouncer's console. It speaks the simple protocol alone, which pg uses for a text without values.
 *
 * @throws whatever pg does when the console cannot be reached or does not let its user in
 * @see https://www.pgbouncer.org/usage.html#admin-console
 */
export async function readPooler(url: string, { database, appRole }: PoolerQuestion): Promise<PoolerFacts> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  })
  // An error that nobody listens for ends the process; the question under way is rejected anyway.
  client.on('error', () => {})
  try {
    await client.connect()
    const ask = async (text: string): Promise<readonly Row[]> => (await client.query<Row>(text)).rows
    const [banner] = await ask('SHOW VERSION')
    const version = /^PgBouncer (\d+(?:\.\d+)+)/.exec(textOf(banner?.version) ?? '')?.[1]
    const config = new Map(
      (await ask('SHOW CONFIG')).map(({ key, value }) => [textOf(key) ?? '', textOf(value) ?? '']),
    )
    const databases = (await ask('SHOW DATABASES')).filter((row) => row.database === database).map(toDatabase)
    const user = (await ask('SHOW USERS')).find(({ name }) => name === appRole)
    return { version, config, databases, userPoolMode: textOf(user?.pool_mode) }
  } finally {
    await client.end().catch(() => {})
  }
}

function toDatabase(row: Row): PooledDatabase {
  return {
    name: textOf(row.name) ?? '',
    poolMode: textOf(row.pool_mode),
    forcedUser: textOf(row.force_user),
  }
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined || value === '' ? undefined : String(value)
}

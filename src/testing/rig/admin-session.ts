import { Client, type QueryResultRow } from 'pg'

/** Asks one thing of a server. */
export type AskServer = <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>

const connectTimeoutMs = 5_000

/**
 * Runs `work` on a connection of its own, which is closed afterwards.
 *
 * @param timeoutMs Limit for each statement; a server that does not answer at all exceeds it too.
 */
export async function withAdminSession<T>(
  url: string,
  timeoutMs: number,
  work: (ask: AskServer) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: timeoutMs,
    application_name: 'leasehold-rig',
    // PGSSLMODE in the environment is meant for other servers.
    ssl: false,
  })
  // A server that goes down tells the idle connection too; the statement under way is rejected anyway.
  client.on('error', () => undefined)
  let healthy = false
  try {
    await client.connect()
    const result = await work(async (text, values) => (await client.query(text, values)).rows)
    healthy = true
    return result
  } finally {
    const ended = client.end().catch(() => undefined)
    // A frozen server never answers the good-bye.
    if (healthy) await ended
  }
}

/** Asks one thing on a connection of its own. */
export function askOnce<Row extends QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
  timeoutMs = 10_000,
): Promise<Row[]> {
  return withAdminSession(url, timeoutMs, (ask) => ask<Row>(text, values))
}

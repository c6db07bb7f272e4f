import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { ConfigError } from '../../errors/config.ts'
import { isServerError } from '../../errors/server-error.ts'
import { CommandError } from '../command-error.ts'
import { explainConnect } from './explain-connect.ts'
import { explainQuery } from './explain-query.ts'
import type { ServerUrl } from './server-url.ts'

const CONNECT_TIMEOUT_MS = 5_000
const FIRST_ANSWER_TIMEOUT_MS = 3_000
const QUERY_TIMEOUT_MS = 120_000
const GOODBYE_TIMEOUT_MS = 1_000

/** What pg's client has that its types leave out. */
type Session = pg.Client & { readonly processID: number; readonly connection: { readonly stream: Duplex } }

/** What a connection is for. */
export interface ConnectionUse {
  /** Shown in `pg_stat_activity.application_name`, behind `leasehold`. */
  readonly purpose: string
  /**
   * Milliseconds after which a statement is given up also where the server is no longer there to do so; 0 for none.
   * @default 120_000
   */
  readonly queryTimeoutMs?: number
}

/**
 * Works on a connection of its own that leads to PostgreSQL itself, and closes it.
 *
 * @throws {CommandError} when nobody answers, the login is refused, a pooler answers, or the server refuses a query
 * @throws {ConfigError} when the connection string cannot be read
 */
export async function withConnection<T>(
  server: ServerUrl,
  use: ConnectionUse,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  let client: Session | undefined
  try {
    client = await open(server, use)
    return await work(client)
  } catch (error) {
    throw explainQuery(error)
  } finally {
    if (client) await close(client)
  }
}

/**
 * The same, for what ends its connections itself.
 *
 * @throws {CommandError} when nobody answers, the login is refused, or a pooler answers
 * @throws {ConfigError} when the connection string cannot be read
 */
export async function openConnection(server: ServerUrl, use: ConnectionUse): Promise<pg.Client> {
  return open(server, use)
}

async function open(server: ServerUrl, use: ConnectionUse): Promise<Session> {
  const client = createClient(server, use)
  // What happens to an idle connection is told to the next query as well.
  client.on('error', () => {})
  try {
    await connect(client, server)
    await refusePooler(client, server)
    return client
  } catch (error) {
    await close(client)
    throw explainQuery(error)
  }
}

/** A frozen server never answers the good-bye, and its socket would keep the process alive. */
async function close(client: Session): Promise<void> {
  await Promise.race([client.end().catch(() => {}), sleep(GOODBYE_TIMEOUT_MS, undefined, { ref: false })])
  client.connection.stream.destroy()
}

function createClient(
  { url, source }: ServerUrl,
  { purpose, queryTimeoutMs = QUERY_TIMEOUT_MS }: ConnectionUse,
): Session {
  try {
    return new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: queryTimeoutMs,
      application_name: `leasehold ${purpose}`,
    }) as Session
  } catch {
    // What pg says of it may quote the string, and the password in it.
    throw new ConfigError(
      `${source} cannot be read as a connection string. Percent-encode special characters in the user and the password; ` +
        'files that it names, such as sslrootcert, must exist.',
    )
  }
}

async function connect(client: Session, { source }: ServerUrl): Promise<void> {
  try {
    await client.connect()
  } catch (error) {
    const { host, port, user = '', database = '' } = client
    throw new CommandError(explainConnect(error, { host, port, user, database, source }), { cause: error })
  }
}

/** A pooler names a process of its own at start-up, and hands every query to whichever backend is free. */
async function refusePooler(client: Session, { source }: ServerUrl): Promise<void> {
  if ((await askBackend(client)) === client.processID) return
  throw new CommandError(
    `${source} leads to a pooler at ${client.host}:${client.port}, not to PostgreSQL itself. Use the address of the server behind ` +
      'it: what is found must be of one session.',
  )
}

async function askBackend(client: Session): Promise<number | undefined> {
  try {
    const question = {
      text: 'select pg_catalog.pg_backend_pid() as pid',
      query_timeout: FIRST_ANSWER_TIMEOUT_MS,
    }
    const { rows } = await client.query<{ pid: number }>(question)
    return rows[0]?.pid
  } catch (error) {
    // What a pooler's own console makes of a query.
    if (isServerError(error) && error.code === '08P01') return undefined
    throw error
  }
}

import { randomBytes } from 'node:crypto'
import { escapeIdentifier } from 'pg'
import { type AskServer, withAdminSession } from './admin-session.ts'
import { postgresUrl } from './postgres-node.ts'
import { RigError } from './rig-error.ts'
import { waitUntil } from './wait-until.ts'

/** Where a PostgreSQL server listens that lets `postgres` in without a password. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** What a new database is made from and called. */
export interface DatabaseOptions {
  /** `template1` by default. */
  readonly template?: string
  /** By default one that no other has. */
  readonly name?: string
}

const statementTimeoutMs = 30_000
const emptyTimeoutMs = 10_000

/**
 * Clones a template. Connections to the template that are still open are terminated first, as PostgreSQL
 * copies none that somebody is connected to.
 *
 * @returns The database's name, and the LSN from which on a standby has it.
 */
export function createDatabase(
  primary: ServerAddress,
  { template = 'template1', name = `db_${randomBytes(6).toString('hex')}` }: DatabaseOptions = {},
): Promise<{ readonly name: string; readonly lsn: string }> {
  return asAdmin(primary, async (ask) => {
    await disconnectAll(ask, template)
    await ask(
      `create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)} strategy file_copy`,
    )
    const [row] = await ask<{ lsn: string }>('select pg_current_wal_lsn() as lsn')
    return { name, lsn: row?.lsn ?? '0/0' }
  })
}

/**
 * Makes a database, has it filled and then closes it to all connections, so that it can be cloned at any
 * time. Where `fill` fails nothing is left of it.
 */
export async function prepareTemplate(
  primary: ServerAddress,
  name: string,
  fill: (adminUrl: string) => Promise<void>,
): Promise<void> {
  const quoted = escapeIdentifier(name)
  await asAdmin(primary, (ask) => ask(`create database ${quoted}`))
  try {
    await fill(postgresUrl(primary, { user: 'postgres', database: name }))
  } catch (error) {
    await dropDatabase(primary, name)
    throw error
  }
  await asAdmin(primary, async (ask) => {
    // The other order would let a pool reconnect in between.
    await ask(`alter database ${quoted} allow_connections false is_template true`)
    await disconnectAll(ask, name)
  })
}

/** Drops a database, whoever is connected to it, a template too. */
export function dropDatabase(primary: ServerAddress, name: string): Promise<void> {
  const quoted = escapeIdentifier(name)
  return asAdmin(primary, async (ask) => {
    const found = await ask('select from pg_database where datname = $1', [name])
    if (found.length === 0) return
    await ask(`alter database ${quoted} is_template false`)
    await ask(`drop database if exists ${quoted} with (force)`)
  })
}

async function disconnectAll(ask: AskServer, database: string): Promise<void> {
  await waitUntil(
    async () => {
      const connected = await ask(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = $1 and pid <> pg_backend_pid() and backend_type = 'client backend'`,
        [database],
      )
      return connected.length === 0
    },
    {
      timeoutMs: emptyTimeoutMs,
      onTimeout: () =>
        new RigError(
          `Somebody is still connected to the template ${database} after ${emptyTimeoutMs} ms of terminating. ` +
            'Close the pools that point at it.',
        ),
    },
  )
}

function asAdmin<T>(address: ServerAddress, work: (ask: AskServer) => Promise<T>): Promise<T> {
  return withAdminSession(
    postgresUrl(address, { user: 'postgres', database: 'postgres' }),
    statementTimeoutMs,
    work,
  )
}

import { askOnce, withAdminSession } from './admin-session.ts'
import { RigError } from './rig-error.ts'
import { type NodeParts, ServerNode } from './server-node.ts'
import { waitUntil } from './wait-until.ts'

/** Which database to reach as whom. */
export interface Login {
  readonly user: string
  readonly database: string
}

const promoteTimeoutMs = 30_000

/** A PostgreSQL server. Every user may log in without a password. */
export class PostgresNode extends ServerNode {
  /** The data directory. */
  readonly dataDirectory: string

  /** @internal */
  constructor(parts: NodeParts, dataDirectory: string) {
    super(parts)
    this.dataDirectory = dataDirectory
  }

  /** A connection string. */
  url(login: Login): string {
    return postgresUrl(this, login)
  }

  /** A connection string of the superuser, by default to the database `postgres`. */
  adminUrl(database = 'postgres'): string {
    return postgresUrl(this, { user: 'postgres', database })
  }

  /** What it is at this moment. */
  async role(): Promise<'primary' | 'standby'> {
    const [row] = await askOnce<{ standby: boolean }>(
      this.adminUrl(),
      'select pg_is_in_recovery() as standby',
    )
    return row?.standby ? 'standby' : 'primary'
  }

  /** Makes a standby a primary; resolves when it takes writes. Other standbys do not follow it by themselves. */
  async promote(): Promise<void> {
    const [row] = await askOnce<{ done: boolean }>(
      this.adminUrl(),
      'select pg_promote(true, $1) as done',
      [promoteTimeoutMs / 1000],
      promoteTimeoutMs + 5_000,
    )
    if (row?.done) return
    throw new RigError(`${this.name} was not promoted within ${promoteTimeoutMs} ms. ${await this.logTail()}`)
  }

  /** The end of what has been written (of a primary) or replayed (of a standby), as `pg_lsn`. */
  async currentLsn(): Promise<string> {
    const [row] = await askOnce<{ lsn: string }>(this.adminUrl(), `select ${position} as lsn`)
    return row?.lsn ?? '0/0'
  }

  /**
   * Waits until everything up to an LSN has been replayed here. A primary has always replayed what it has written.
   *
   * @throws {RigError} when the time is over, with how far it has come.
   */
  async awaitReplay(lsn: string, timeoutMs = 10_000): Promise<void> {
    let reached = 'nothing'
    await withAdminSession(this.adminUrl(), timeoutMs, (ask) =>
      waitUntil(
        async () => {
          const [row] = await ask<{ lsn: string; done: boolean }>(
            `select ${position} as lsn, ${position} >= $1::pg_lsn as done`,
            [lsn],
          )
          reached = row?.lsn ?? reached
          return row?.done === true
        },
        {
          timeoutMs,
          everyMs: 3,
          onTimeout: async () =>
            new RigError(
              `${this.name} has replayed ${reached} and not ${lsn} within ${timeoutMs} ms. ${await this.logTail()}\n` +
                'Look whether it is cut off, paused, or follows another primary.',
            ),
        },
      ),
    )
  }
}

const position = 'case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end'

/** A connection string without a password. */
export function postgresUrl(
  address: { readonly host: string; readonly port: number },
  { user, database }: Login,
): string {
  return `postgres://${encodeURIComponent(user)}@${address.host}:${address.port}/${encodeURIComponent(database)}`
}

import { type Login, postgresUrl } from './postgres-node.ts'
import type { RunFolder } from './run-folder.ts'
import { type NodeParts, ServerNode } from './server-node.ts'

/** A pgbouncer in front of a PostgreSQL server. Every database of that server can be reached through it. */
export class PoolerNode extends ServerNode implements AsyncDisposable {
  /** pgbouncer's own version, such as `1.24.1`. */
  readonly version: string
  readonly #folder: RunFolder

  /** @internal */
  constructor(parts: NodeParts, version: string) {
    super(parts)
    this.version = version
    this.#folder = parts.folder
  }

  /** A connection string. The same user goes on to PostgreSQL, without a password. */
  url(login: Login): string {
    return postgresUrl(this, login)
  }

  /** A connection string to its console, for `SHOW POOLS` and the like. */
  adminUrl(): string {
    return postgresUrl(this, { user: 'postgres', database: 'pgbouncer' })
  }

  /** Ends it for good and removes its files; `stop` leaves it so that it can be started again. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder.remove()
  }
}

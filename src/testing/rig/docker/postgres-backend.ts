import type { DatabaseOptions } from '../databases.ts'
import type { Login } from '../postgres-node.ts'

/**
 * One PostgreSQL primary with databases for tests, however it is run: what the rig of processes and the
 * Docker backend have in common.
 */
export interface PostgresBackend extends AsyncDisposable {
  readonly primary: {
    readonly host: string
    readonly port: number
    /** A connection string. */
    url(login: Login): string
    /** A connection string of the superuser, by default to the database `postgres`. */
    adminUrl(database?: string): string
  }
  /** Clones a template and answers the new database's name. */
  createDatabase(options?: DatabaseOptions): Promise<string>
  /** Makes a database that `fill` fills, and that nobody can connect to afterwards. */
  prepareTemplate(name: string, fill: (adminUrl: string) => Promise<void>): Promise<void>
  /** Drops a database or a template, whoever is connected to it. */
  dropDatabase(name: string): Promise<void>
  /** Ends the server with all its data; the same again is the same stop. */
  stop(): Promise<void>
}

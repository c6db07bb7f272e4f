import { askOnce } from './admin-session.ts'
import { createDatabase, type DatabaseOptions, dropDatabase, prepareTemplate } from './databases.ts'
import type { PoolerNode } from './pooler-node.ts'
import type { PostgresNode } from './postgres-node.ts'
import type { RedisNode } from './redis-node.ts'
import { RigError } from './rig-error.ts'
import type { RunFolder } from './run-folder.ts'
import { rebuildStandby } from './standby.ts'
import { type PgbouncerOptions, startPgbouncer } from './start-pgbouncer.ts'
import { waitUntil } from './wait-until.ts'

/** What a rig is made of. */
export interface RigParts {
  readonly folder: RunFolder
  readonly primary: PostgresNode
  readonly standbys: readonly PostgresNode[]
  readonly redis: RedisNode | undefined
}

/** How a pooler of a rig is set up; by default its target is the primary and every role may log in. */
export type RigPgbouncerOptions = Omit<PgbouncerOptions, 'target'> & Partial<Pick<PgbouncerOptions, 'target'>>

/**
 * A running topology. Servers listen on 127.0.0.1 only and let everybody in without a password, so any
 * user of this machine can. They end with {@link stop} or, within seconds, with this process, however it ends.
 */
export class Rig implements AsyncDisposable {
  /** Holds data directories, configuration and logs. */
  readonly directory: string
  /** The node that began as primary, whatever it is now. */
  readonly primary: PostgresNode
  /** The nodes that began as standbys of it. */
  readonly standbys: readonly PostgresNode[]
  readonly redis: RedisNode | undefined
  readonly #folder: RunFolder
  readonly #poolers: PoolerNode[] = []
  #stopped: Promise<void> | undefined

  /** @internal */
  constructor({ folder, primary, standbys, redis }: RigParts) {
    this.#folder = folder
    this.directory = folder.path
    this.primary = primary
    this.standbys = standbys
    this.redis = redis
  }

  /**
   * Clones a template on the primary. Resolves when every standby that runs and is not frozen has the
   * database too.
   *
   * @returns The database's name.
   */
  async createDatabase(options: DatabaseOptions = {}): Promise<string> {
    const { name, lsn } = await createDatabase(this.primary, options)
    const listening = this.standbys.filter(({ isRunning, isFrozen }) => isRunning && !isFrozen)
    await Promise.all(listening.map((standby) => standby.awaitReplay(lsn)))
    return name
  }

  /**
   * Makes a template: a database that `fill` fills, and that nobody can connect to afterwards.
   *
   * @param fill Gets a connection string of the superuser.
   */
  prepareTemplate(name: string, fill: (adminUrl: string) => Promise<void>): Promise<void> {
    return prepareTemplate(this.primary, name, fill)
  }

  /** Drops a database or a template, whoever is connected to it. */
  dropDatabase(name: string): Promise<void> {
    return dropDatabase(this.primary, name)
  }

  /** Starts a pgbouncer that ends with this rig. Roles that are created later work as well. */
  async startPgbouncer(options: RigPgbouncerOptions): Promise<PoolerNode> {
    const users = options.users ?? (await loginRoles(this.primary.adminUrl()))
    const pooler = await startPgbouncer({ target: this.primary, ...options, users })
    this.#poolers.push(pooler)
    if (this.#stopped === undefined) return pooler
    await pooler[Symbol.asyncDispose]()
    throw new RigError('The rig was stopped while a pgbouncer was being started.')
  }

  /** Waits until every standby streams from the primary. */
  async awaitStreaming(timeoutMs = 20_000): Promise<void> {
    const wanted = this.standbys.map(({ name }) => name)
    let streaming: readonly string[] = []
    await waitUntil(
      async () => {
        const rows = await askOnce<{ name: string }>(
          this.primary.adminUrl(),
          "select application_name as name from pg_stat_replication where state = 'streaming'",
        )
        streaming = rows.map(({ name }) => name)
        return wanted.every((name) => streaming.includes(name))
      },
      {
        timeoutMs,
        onTimeout: async () => {
          const silent = this.standbys.filter(({ name }) => !streaming.includes(name))
          const tails = await Promise.all(silent.map(async (node) => `${node.name}: ${await node.logTail()}`))
          return new RigError(
            `Not every standby streams from the primary after ${timeoutMs} ms.\n${tails.join('\n')}\n` +
              'Look whether they are frozen, or were down for longer than wal_keep_size.',
          )
        },
      },
    )
  }

  /**
   * Makes a node a standby of another, with a fresh copy of its data; as an old primary must be made after
   * a failover, whatever state it is in.
   */
  rebuildStandby(node: PostgresNode, primary: PostgresNode): Promise<void> {
    return rebuildStandby(this.#folder, node, primary)
  }

  /** Ends all servers at once and removes their files; the same again is the same stop. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #stop(): Promise<void> {
    const poolers = this.#poolers.map((pooler) => pooler[Symbol.asyncDispose]())
    await Promise.all([...poolers, this.#folder.remove()])
  }
}

/** The roles that may log in to a server, for a pooler's `users`. */
export async function loginRoles(adminUrl: string): Promise<readonly string[]> {
  const rows = await askOnce<{ role: string }>(
    adminUrl,
    'select rolname as role from pg_roles where rolcanlogin',
  )
  return rows.map(({ role }) => role)
}

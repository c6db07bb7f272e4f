import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import type { PoolOptions } from '../../src/index.ts'
import { createDatabase, dropDatabase } from '../../src/testing/rig/databases.ts'
import { startToxicProxy, type ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import { startPgbouncer } from '../../src/testing/rig/start-pgbouncer.ts'

const POOLS_END_MS = 2_000

export type TargetName = 'direct' | 'pgbouncer 1.18' | 'pgbouncer 1.24'

/** The ways to a PostgreSQL that everything in the core has to be right on. */
export const TARGETS: readonly TargetName[] = ['direct', 'pgbouncer 1.18', 'pgbouncer 1.24']

export interface TargetOptions {
  /** @default 'notes' */
  readonly template?: string
  /** Server connections of the pooler; a direct target has as many as its pools. */
  readonly poolSize: number
}

/** A database of one's own, and a toxic proxy on the way to it or to the pooler in front of it. */
export class Target implements AsyncDisposable {
  readonly proxy: ToxicProxy
  /** The superuser, past proxy and pooler. */
  readonly admin: pg.Pool
  readonly #database: string
  readonly #direct: boolean
  readonly #cleanUp: AsyncDisposableStack
  readonly #pools: pg.Pool[] = []
  readonly #clients: pg.Client[] = []

  constructor(parts: {
    proxy: ToxicProxy
    admin: pg.Pool
    database: string
    direct: boolean
    cleanUp: AsyncDisposableStack
  }) {
    this.proxy = parts.proxy
    this.admin = parts.admin
    this.#database = parts.database
    this.#direct = parts.direct
    this.#cleanUp = parts.cleanUp
  }

  /** How the application's role gets here, through the proxy. */
  poolOptions(options: PoolOptions = {}): PoolOptions {
    const { host, port } = this.proxy
    return { host, port, user: 'app', database: this.#database, ...options }
  }

  /** A plain pool of pg, ended with the target. */
  pool(options: PoolOptions = {}): pg.Pool {
    const pool = new pg.Pool(this.poolOptions(options) as pg.PoolConfig)
    pool.on('error', () => {})
    this.#pools.push(pool)
    return pool
  }

  /** A plain client of pg, ended with the target. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client(this.poolOptions() as pg.ClientConfig)
    client.on('error', () => {})
    await client.connect()
    this.#clients.push(client)
    return client
  }

  /**
   * Leaves session state on the server connection that the next call over a pool will use: behind a pooler, through a
   * client of its own; directly, through the pool's own client that was idle last.
   *
   * @returns the process id of the poisoned backend
   */
  async poison(pool: pg.Pool, sql: string): Promise<number> {
    const pooled = this.#direct ? await pool.connect() : undefined
    const client = pooled ?? (await this.connect())
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    await client.query(sql)
    pooled?.release()
    return rows[0]?.pid ?? 0
  }

  /** Swaps the next two replies that hold a context row, each delivered to the other's connection. */
  swapNextReplies(): { remove(): void } {
    let held: { unit: Buffer; inject: (bytes: Buffer) => boolean } | undefined
    const remove = this.proxy.tamper(
      'server',
      (unit, { inject }) => {
        if (!held) {
          held = { unit, inject }
          return null
        }
        held.inject(unit)
        return held.unit
      },
      { unit: 'reply' },
    )
    return { remove }
  }

  /** Resets one connection at one of the next messages. */
  killNextSocket(): void {
    this.proxy
      .cutAt({ direction: 'client', type: 'S', message: 0, when: 'after', since: 'armed' })
      .catch(() => {})
  }

  /** Connections of the target's pools that are out on lease. */
  leasesOut(): number {
    return this.#pools.reduce((sum, pool) => sum + pool.totalCount - pool.idleCount, 0)
  }

  async backendIsAlive(pid: number): Promise<boolean> {
    return (await this.admin.query('select from pg_stat_activity where pid = $1', [pid])).rows.length > 0
  }

  /** The application's backends that are in a transaction and do nothing. */
  idleInTransaction(): Promise<number> {
    return this.#countBackends("state like 'idle in transaction%'")
  }

  /** The application's backends that run a statement. */
  activeBackends(): Promise<number> {
    return this.#countBackends("state = 'active'")
  }

  /** The application's backends. */
  serverConnections(): Promise<number> {
    return this.#countBackends('true')
  }

  async #countBackends(condition: string): Promise<number> {
    const { rows } = await this.admin.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and usename = 'app' and ${condition}`,
    )
    return rows[0]?.n ?? 0
  }

  async close(): Promise<void> {
    this.proxy.clearToxics()
    await Promise.all(this.#clients.map((client) => client.end()))
    // A leaked lease keeps a pool from ending; the test that looks for one must still be able to report it.
    await Promise.race([Promise.all(this.#pools.map((pool) => pool.end())), setTimeout(POOLS_END_MS)])
    await this.#cleanUp.disposeAsync()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Makes a database from a template and a way to it. */
export async function openTarget(name: TargetName, options: TargetOptions): Promise<Target> {
  const { primary } = inject('rig')
  const { template = 'notes', poolSize } = options
  await using cleanUp = new AsyncDisposableStack()
  const { name: database } = await createDatabase(primary, { template })
  cleanUp.defer(() => dropDatabase(primary, database))
  const admin = new pg.Pool({ ...primary, user: 'postgres', database, max: 2 })
  admin.on('error', () => {})
  cleanUp.defer(() => admin.end())
  const direct = name === 'direct'
  const version = name === 'pgbouncer 1.18' ? '1.18' : '1.24'
  const target = direct
    ? primary
    : cleanUp.use(await startPgbouncer({ version, target: primary, poolSize, users: ['app'] }))
  const proxy = cleanUp.use(await startToxicProxy({ target: { host: target.host, port: target.port } }))
  return new Target({ proxy, admin, database, direct, cleanUp: cleanUp.move() })
}

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { PoolOptions } from '../../src/index.ts'
import type { PoolerNode, PostgresNode } from '../../src/testing/index.ts'
import { startToxicProxy, type ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import { startRig } from '../../src/testing/rig/start-rig.ts'
import { createAppRoles, fill } from '../support/notes.ts'
import type { SoakTarget } from './suite.ts'

const DATABASE = 'soak'
const POOLS_END_MS = 2_000
/** A server that was crashed recovers within seconds; a soak that ends in a black hole must not wait for ever. */
const REST_MS = 20_000

/** How a soak's servers are set up. */
export interface SoakRigOptions {
  readonly target: SoakTarget
  /** SQL that fills the database. */
  readonly schema: string
  /** Server connections of the pooler. */
  readonly poolSize: number
}

/**
 * Servers of a soak's own, which it may freeze and kill: PostgreSQL, a pooler in front of it, and in front of that a toxic
 * proxy, through which the application goes.
 */
export class SoakRig implements AsyncDisposable {
  readonly primary: PostgresNode
  readonly pooler: PoolerNode | undefined
  readonly proxy: ToxicProxy
  readonly #admin: pg.Pool
  readonly #pools: pg.Pool[] = []
  readonly #cleanUp: AsyncDisposableStack

  static async open({ target, schema, poolSize }: SoakRigOptions): Promise<SoakRig> {
    await using cleanUp = new AsyncDisposableStack()
    const rig = cleanUp.use(await startRig({ standbys: 0, redis: false }))
    const { primary } = rig
    await createAppRoles(primary.adminUrl())
    await rig.createDatabase({ name: DATABASE })
    await fill(primary.adminUrl(DATABASE), schema)
    const pooler =
      target === 'direct'
        ? undefined
        : cleanUp.use(await rig.startPgbouncer({ version: target, poolSize, users: ['app'] }))
    const { host, port } = pooler ?? primary
    const proxy = cleanUp.use(await startToxicProxy({ target: { host, port } }))
    return new SoakRig(primary, pooler, proxy, cleanUp.move())
  }

  private constructor(
    primary: PostgresNode,
    pooler: PoolerNode | undefined,
    proxy: ToxicProxy,
    cleanUp: AsyncDisposableStack,
  ) {
    this.primary = primary
    this.pooler = pooler
    this.proxy = proxy
    this.#cleanUp = cleanUp
    this.#admin = new pg.Pool({
      connectionString: primary.adminUrl(DATABASE),
      max: 2,
      connectionTimeoutMillis: 2_000,
      query_timeout: 60_000,
    })
    this.#admin.on('error', () => {})
  }

  /** How the application's role gets here, through the proxy. */
  poolOptions(options: PoolOptions = {}): PoolOptions {
    const { host, port } = this.proxy
    return { host, port, user: 'app', database: DATABASE, ...options }
  }

  /** A plain pool of pg, ended with the rig. */
  pool(options: PoolOptions = {}): pg.Pool {
    const pool = new pg.Pool(this.poolOptions(options) as pg.PoolConfig)
    pool.on('error', () => {})
    this.#pools.push(pool)
    return pool
  }

  /** One more way in, for who must know whose connection is cut. */
  async openProxy(): Promise<ToxicProxy> {
    const { host, port } = this.pooler ?? this.primary
    return this.#cleanUp.use(await startToxicProxy({ target: { host, port } }))
  }

  /** Connections of the rig's pools that are out on lease. */
  leasesOut(): number {
    return this.#pools.reduce((sum, pool) => sum + pool.totalCount - pool.idleCount, 0)
  }

  /** Asks as the superuser, past proxy and pooler; again while the server recovers from a crash. */
  async ask<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const stopAt = performance.now() + REST_MS
    for (;;) {
      try {
        return (await this.#admin.query<Row>(text, values)).rows
      } catch (error) {
        if (performance.now() > stopAt) throw error
        await sleep(50)
      }
    }
  }

  /** Process ids of the application's backends. */
  async backends(condition = 'true'): Promise<number[]> {
    const rows = await this.ask<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and usename = 'app' and ${condition} order by pid`,
    )
    return rows.map(({ pid }) => pid)
  }

  /**
   * Takes every fault back and waits until nothing runs any more, neither here nor on the server: only then does the
   * table hold still.
   *
   * @returns how many connections never came back, and backends that stayed in a transaction
   */
  async comeToRest(): Promise<number> {
    if (this.pooler?.isFrozen) this.pooler.thaw()
    if (this.primary.isFrozen) this.primary.thaw()
    this.proxy.clearToxics()
    const stopAt = performance.now() + REST_MS
    for (;;) {
      const busy = await this.backends("state <> 'idle'")
      const leaked = this.leasesOut() + busy.length
      if (leaked === 0 || performance.now() > stopAt) return leaked
      await sleep(50)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.proxy.clearToxics()
    this.proxy.resetAll()
    // A leaked lease keeps a pool from ending; the soak that found one must still be able to report it.
    await Promise.race([Promise.all(this.#pools.map((pool) => pool.end())), sleep(POOLS_END_MS)])
    await this.#admin.end()
    await this.#cleanUp.disposeAsync()
  }
}

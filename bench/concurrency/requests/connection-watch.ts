import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { PoolerNode } from '../../../src/testing/index.ts'
import type { Servers } from '../servers.ts'

/** The most that there were at any time that somebody looked. */
export interface MostConnections {
  /** Server connections, as pgbouncer counts them (SHOW POOLS). */
  pgbouncer: number
  /** The same, as PostgreSQL counts them (pg_stat_activity). */
  postgres: number
  /** Of these, in a transaction. */
  inTransaction: number
  /** Clients that waited at pgbouncer for a server connection. */
  waitingClients: number
  /** How often somebody looked. */
  looks: number
}

const EVERY_MS = 10

/** @see https://www.pgbouncer.org/usage.html#show-pools */
const SERVER_STATES = [
  'sv_active',
  'sv_active_cancel',
  'sv_being_canceled',
  'sv_idle',
  'sv_used',
  'sv_tested',
  'sv_login',
]

const ACTIVITY = `select count(*)::int as connections, (count(*) filter (where state <> 'idle'))::int as busy
from pg_stat_activity where usename = 'app'`

/** Looks at the connections of the application again and again, until it is stopped. */
export class ConnectionWatch implements AsyncDisposable {
  readonly most: MostConnections = {
    pgbouncer: 0,
    postgres: 0,
    inTransaction: 0,
    waitingClients: 0,
    looks: 0,
  }
  readonly #console: Client
  readonly #admin: Client
  readonly #ended: Promise<void>
  #isOver = false

  private constructor(console: Client, admin: Client) {
    this.#console = console
    this.#admin = admin
    this.#ended = this.#watch()
    // Whoever stops it hears of its failure.
    this.#ended.catch(() => {})
  }

  static async start({ primary }: Servers, pooler: PoolerNode): Promise<ConnectionWatch> {
    const console = new Client({ connectionString: pooler.adminUrl() })
    const admin = new Client({ connectionString: primary.adminUrl() })
    await Promise.all([console.connect(), admin.connect()])
    return new ConnectionWatch(console, admin)
  }

  /** @throws why it could not look */
  async stop(): Promise<MostConnections> {
    this.#isOver = true
    await this.#ended
    return this.most
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await this.#ended.catch(() => {})
    await Promise.all([this.#console.end(), this.#admin.end()])
  }

  async #watch(): Promise<void> {
    const { most } = this
    while (!this.#isOver) {
      const pools = await this.#console.query<Record<string, string>>('show pools')
      const activity = await this.#admin.query<{ connections: number; busy: number }>(ACTIVITY)
      const own = pools.rows.filter(({ user }) => user === 'app')
      const sum = (names: readonly string[]) =>
        own.reduce((all, row) => names.reduce((count, name) => count + Number(row[name] ?? 0), all), 0)
      const [{ connections, busy } = { connections: 0, busy: 0 }] = activity.rows
      most.pgbouncer = Math.max(most.pgbouncer, sum(SERVER_STATES))
      most.waitingClients = Math.max(most.waitingClients, sum(['cl_waiting']))
      most.postgres = Math.max(most.postgres, connections)
      most.inTransaction = Math.max(most.inTransaction, busy)
      most.looks += 1
      await sleep(EVERY_MS)
    }
  }
}

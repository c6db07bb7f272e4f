import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import { startPgbouncer } from '../../../../src/testing/rig/start-pgbouncer.ts'
import { TENANTS } from './event-table.ts'

const WRITERS = 6
const READERS = 2
const COUNTERS = 2
const PAUSE_MS = 2

/** One transaction of a client. */
interface Lap {
  readonly begunMs: number
  readonly tookMs: number
}

/** What the clients of an application have gone through. */
export class Traffic {
  readonly laps: Lap[] = []
  readonly failures: string[] = []
  /** Times that the known rows were counted, and times that the count was wrong. */
  counted = 0
  miscounted = 0
  inserted = 0
  readonly #stop = new AbortController()
  #clients: Promise<unknown> = Promise.resolve()

  /** Starts writers, readers, and readers who count rows that nobody changes, through a pooler in transaction mode. */
  static async start(
    resources: AsyncDisposableStack,
    database: string,
    options: { readonly insert: string; readonly known: string },
  ): Promise<Traffic> {
    const pooler = await startPgbouncer({
      version: '1.24',
      target: inject('rig').primary,
      poolSize: WRITERS + READERS + COUNTERS,
      users: ['app'],
    })
    resources.use(pooler)
    const traffic = new Traffic()
    const connect = async () => {
      const client = new pg.Client({ host: pooler.host, port: pooler.port, user: 'app', database })
      client.on('error', (error) => traffic.failures.push(String(error)))
      await client.connect()
      return client
    }
    const expected = new Map<string, number>()
    const first = await connect()
    for (const tenant of TENANTS) expected.set(tenant, await traffic.#count(first, tenant, options.known))
    await first.end()
    traffic.#clients = Promise.all([
      ...Array.from({ length: WRITERS }, (_, n) =>
        traffic.#loop(connect, n, async (client, tenant) => {
          await client.query(options.insert, [tenant])
          traffic.inserted += 1
        }),
      ),
      ...Array.from({ length: READERS }, (_, n) =>
        traffic.#loop(connect, n, async (client) => {
          await client.query('select * from events order by created_at desc limit 20')
        }),
      ),
      ...Array.from({ length: COUNTERS }, (_, n) =>
        traffic.#loop(connect, n * 5, async (client, tenant) => {
          const { rows } = await client.query(options.known)
          traffic.counted += 1
          if (rows[0].n !== expected.get(tenant)) traffic.miscounted += 1
        }),
      ),
    ])
    return traffic
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#clients
  }

  /** The longest transaction that was under way in a span of time, in milliseconds. */
  longestMs(fromMs = 0, toMs = Number.POSITIVE_INFINITY): number {
    const during = this.laps.filter(({ begunMs, tookMs }) => begunMs < toMs && begunMs + tookMs > fromMs)
    return Math.max(0, ...during.map(({ tookMs }) => tookMs))
  }

  async #loop(
    connect: () => Promise<pg.Client>,
    seed: number,
    work: (client: pg.Client, tenant: string) => Promise<void>,
  ): Promise<void> {
    const client = await connect()
    for (let n = seed; !this.#stop.signal.aborted; n++) {
      const tenant = TENANTS[n % TENANTS.length] ?? ''
      const begunMs = performance.now()
      try {
        await client.query('begin')
        await client.query("select set_config('app.tenant_id', $1, true)", [tenant])
        await work(client, tenant)
        await client.query('commit')
      } catch (error) {
        this.failures.push(String(error))
        await client.query('rollback').catch(() => {})
      }
      this.laps.push({ begunMs, tookMs: performance.now() - begunMs })
      await sleep(PAUSE_MS)
    }
    await client.end()
  }

  async #count(client: pg.Client, tenant: string, known: string): Promise<number> {
    await client.query('begin')
    await client.query("select set_config('app.tenant_id', $1, true)", [tenant])
    const { rows } = await client.query(known)
    await client.query('commit')
    return rows[0].n
  }
}

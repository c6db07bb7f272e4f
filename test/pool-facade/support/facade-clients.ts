import type { Pool, PoolClient, QueryResult } from 'pg'
import { createLeasehold, type Leasehold } from '../../../src/index.ts'
import { TENANT_A } from '../../support/notes.ts'
import { openTarget, type Target, type TargetName } from '../../support/target.ts'

/** Clients of `asPool` in the scope of a tenant, on a database of notes. */
export class FacadeClients implements AsyncDisposable {
  readonly target: Target
  readonly db: Leasehold
  readonly pool: Pool

  static async open(name: TargetName): Promise<FacadeClients> {
    return new FacadeClients(await openTarget(name, { poolSize: 2 }))
  }

  private constructor(target: Target) {
    this.target = target
    // A transaction that a bug leaves open holds up all others for as long.
    this.db = createLeasehold({ primary: target.poolOptions({ max: 2 }), timeoutMs: 5_000 })
    this.pool = this.db.asPool()
  }

  inScope<T>(work: () => Promise<T>): Promise<T> {
    return this.db.run({ tenant: TENANT_A }, work)
  }

  withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.inScope(async () => {
      const client = await this.pool.connect()
      try {
        return await work(client)
      } finally {
        client.release()
      }
    })
  }

  insert(client: PoolClient, body: string): Promise<QueryResult> {
    return client.query('insert into notes (body) values ($1)', [body])
  }

  /** What is committed, whoever's it is. */
  async bodies(): Promise<readonly string[]> {
    const { rows } = await this.target.admin.query('select body from notes order by body')
    return rows.map(({ body }) => body)
  }

  /** @returns how many round trips the work cost, on connections that have been used before */
  async roundTrips(work: () => Promise<unknown>): Promise<number> {
    await Promise.all([1, 2].map(() => this.db.tenant(TENANT_A).query('select pg_sleep(0.02)')))
    this.target.proxy.resetCounts()
    await work()
    return this.target.proxy.counts.roundTrips
  }

  async empty(): Promise<void> {
    await this.target.admin.query('truncate notes, shared_log, parents, children')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.db.close()
    await this.target.close()
  }
}

import { LeaseholdError } from './errors/leasehold-error.ts'
import { RlsNotEnforcedError } from './errors/rls.ts'
import type { PgClient, PgPool } from './pool/pg-pool.ts'

/** How often another connection is tried after one was lost: a pooler's restart can kill several idle ones. */
const RETRIES = 2

/** A pool whose first connection is handed out once a check has passed on it. From then on it is the pool as it is. */
export class VerifiedPool implements PgPool {
  readonly #pool: PgPool
  readonly #verify: (client: PgClient) => Promise<void>
  #verified = false

  /** @param verify called for each connection until it has passed once; has a limit of its own */
  constructor(pool: PgPool, verify: (client: PgClient) => Promise<void>) {
    this.#pool = pool
    this.#verify = verify
  }

  /** @throws {RlsNotEnforcedError} and what the pool throws */
  connect(): Promise<PgClient> {
    return this.#verified ? this.#pool.connect() : this.#connectFirst()
  }

  end(): Promise<void> {
    return this.#pool.end()
  }

  on(event: 'error', listener: (error: Error) => void): unknown {
    return this.#pool.on(event, listener)
  }

  get totalCount(): number {
    return this.#pool.totalCount
  }

  get idleCount(): number {
    return this.#pool.idleCount
  }

  get waitingCount(): number {
    return this.#pool.waitingCount
  }

  get options(): NonNullable<PgPool['options']> {
    return this.#pool.options ?? {}
  }

  async #connectFirst(): Promise<PgClient> {
    for (let retries = RETRIES; ; retries -= 1) {
      const client = await this.#pool.connect()
      // pg-pool takes its own listener off while a client is out; without one, a lost connection would end the process.
      client.on('error', ignore)
      try {
        await this.#verify(client)
        client.removeListener('error', ignore)
        this.#verified = true
        return client
      } catch (error) {
        client.release(!(error instanceof RlsNotEnforcedError))
        if (error instanceof LeaseholdError || retries === 0) throw error
      }
    }
  }
}

/** What happens to the connection fails the query that runs on it. */
function ignore(): void {}

import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { TenantId } from '../../../src/context/tenant-id.ts'
import type { Leasehold } from '../../../src/index.ts'
import type { CacheUnderTest, CrashPoint, OpenCache, SoakPlaces } from './cache-under-test.ts'
import { openDatabase } from './open-database.ts'

const TTL_MS = 60_000
const READ =
  'select version, pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end::text as lsn from cached_counters where key = $1'
const RAISE = 'update cached_counters set version = version + 1 where key = $1 returning version'

class RolledBack extends Error {}

/** What a load gave. */
export interface NaiveLoad {
  readonly version: number
  readonly lsn: string
}

/** What differs between protocols that are not enough. */
export interface NaiveProtocol {
  /** @returns what {@link store} is given; nothing where it must not store */
  lease?(redis: Redis, key: string): Promise<string | undefined>
  store(redis: Redis, key: string, load: NaiveLoad, lease: string): Promise<unknown>
  beforeCommit?(redis: Redis, key: string): Promise<unknown>
  /** @param lsn where the primary stood afterwards */
  afterCommit(redis: Redis, key: string, lsn: string): Promise<unknown>
}

/** A cache as they are written: loads come from any replica, and what it forgets it forgets after the commit. */
export function naiveCache(protocol: NaiveProtocol): OpenCache {
  return async (places, crash) => new NaiveCache(protocol, places, crash)
}

/** How long a value is kept. */
export function keep(redis: Redis, key: string, { version }: NaiveLoad): Promise<unknown> {
  return redis.set(key, String(version), 'PX', TTL_MS)
}

class NaiveCache implements CacheUnderTest {
  readonly #protocol: NaiveProtocol
  readonly #redis: Redis
  readonly #db: Leasehold
  readonly #crash: (point: CrashPoint) => void
  #hits = 0

  constructor(protocol: NaiveProtocol, places: SoakPlaces, crash: (point: CrashPoint) => void) {
    this.#protocol = protocol
    this.#redis = new Redis(places.redis.port, places.redis.host)
    this.#db = openDatabase(places)
    this.#crash = crash
  }

  hits(): number {
    return this.#hits
  }

  async get(tenant: string, id: number): Promise<number> {
    const key = `naive:${tenant}:${id}`
    const hit = await this.#redis.get(key)
    if (hit !== null) {
      this.#hits += 1
      return Number(hit)
    }
    const lease = this.#protocol.lease ? await this.#protocol.lease(this.#redis, key) : ''
    this.#crash('after lease')
    const load = await this.#load(tenant as TenantId, id)
    if (lease === undefined) await sleep(1)
    else {
      this.#crash('before store')
      await this.#protocol.store(this.#redis, key, load, lease)
      this.#crash('after store')
    }
    return load.version
  }

  async write(tenant: string, id: number, rollBack: boolean): Promise<number | undefined> {
    const key = `naive:${tenant}:${id}`
    const forget = async () => {
      this.#crash('before finish')
      const { rows } = await this.#db
        .shared()
        .query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn')
      await this.#protocol.afterCommit(this.#redis, key, rows[0]?.lsn ?? '0/0')
      this.#crash('after finish')
    }
    try {
      return await this.#db.withTenant(tenant as TenantId, async (tx) => {
        const { rows } = await tx.query<{ version: number }>(RAISE, [id])
        if (rollBack) throw new RolledBack()
        await this.#protocol.beforeCommit?.(this.#redis, key)
        this.#crash('after begin')
        tx.afterCommit(forget)
        return rows[0]?.version
      })
    } catch (error) {
      if (error instanceof RolledBack) return undefined
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#redis.disconnect()
    await this.#db.close()
  }

  async #load(tenant: TenantId, id: number): Promise<NaiveLoad> {
    const reader = this.#db.tenant(tenant, { route: 'replica', consistency: 'eventual' })
    const { rows } = await reader.query<NaiveLoad>(READ, [id])
    return rows[0] ?? { version: 0, lsn: '0/0' }
  }
}

import { vi } from 'vitest'
import type { CacheDatabase } from '../../../src/cache/database.ts'
import type { Cache, CacheOptions } from '../../../src/cache/index.ts'
import { compositionOf } from '../../../src/composition.ts'
import { type CacheBed, CLINIC, openCacheBed } from '../support.ts'

/** Milliseconds that calls of these tests wait for Redis. */
export const TIMEOUT_MS = 50

/** What one call took, in milliseconds. */
export interface TimedCall {
  readonly tookMs: number
  /** Reading the value in a transaction, as it would be without a cache; 0 where it was not read. */
  readonly loadMs: number
  readonly value: string | undefined
}

/** A database with a cache of rooms in front of it, whose calls are timed. */
export class TimedBed implements AsyncDisposable {
  readonly bed: CacheBed
  readonly #get: (id: number) => Promise<string | undefined>
  #loadMs = 0
  #running = 0
  #most = 0

  private constructor(bed: CacheBed) {
    this.bed = bed
    // What is left of a call without this is the cache's own.
    const database = compositionOf(bed.db)?.forCache as CacheDatabase
    const read = database.read.bind(database)
    vi.spyOn(database, 'read').mockImplementation(async (...args) => {
      const startedAt = performance.now()
      try {
        return await read(...args)
      } finally {
        this.#loadMs = performance.now() - startedAt
      }
    })
    const rooms = bed.cache.define('rooms', {
      key: (id: number) => [id],
      tables: ['rooms'],
      tags: (id) => [`room:${id}`],
      vary: 'tenant',
      ttlMs: 600_000,
      load: async (tx, id) => {
        this.#running += 1
        this.#most = Math.max(this.#most, this.#running)
        try {
          const { rows } = await tx.query<{ name: string }>('select name from rooms where id = $1', [id])
          return rows[0]?.name
        } finally {
          this.#running -= 1
        }
      },
    })
    this.#get = (id) => rooms.getFor({ tenant: CLINIC }, id)
  }

  static async open(options: Partial<CacheOptions>, schema = ''): Promise<TimedBed> {
    return new TimedBed(await openCacheBed({ timeoutMs: TIMEOUT_MS, ...options }, schema))
  }

  get cache(): Cache {
    return this.bed.cache
  }

  get hits(): number {
    return this.cache.snapshot().definitions.rooms?.hits ?? 0
  }

  get isUsable(): boolean {
    return this.cache.snapshot().redis.isUsable
  }

  /** How many loads were under way at once, at most, since this was asked last. */
  takeMostLoads(): number {
    const most = this.#most
    this.#most = this.#running
    return most
  }

  get(id: number): Promise<string | undefined> {
    return this.#get(id)
  }

  /** One call, with nothing else under way. */
  async time(id: number): Promise<TimedCall> {
    this.#loadMs = 0
    const startedAt = performance.now()
    const value = await this.#get(id)
    return { tookMs: performance.now() - startedAt, loadMs: this.#loadMs, value }
  }

  /** The same without a cache. */
  async timeWithout(id: number): Promise<TimedCall> {
    const startedAt = performance.now()
    const value = await this.bed.db.withTenant(
      CLINIC,
      async (tx) =>
        (await tx.query<{ name: string }>('select name from rooms where id = $1', [id])).rows[0]?.name,
      { readOnly: true },
    )
    const tookMs = performance.now() - startedAt
    return { tookMs, loadMs: tookMs, value }
  }

  /** Renames a room, and has the cache forget it. */
  async rename(id: number, name: string): Promise<void> {
    await this.bed.db.withTenant(CLINIC, async (tx) => {
      await tx.query('update rooms set name = $2 where id = $1', [id, name])
      this.cache.invalidate(tx, `room:${id}`)
    })
  }

  /** Renames a room so that no cache hears of it. */
  async renameSilently(id: number, name: string): Promise<void> {
    await this.bed.db.withTenant(CLINIC, (tx) =>
      tx.query('update rooms set name = $2 where id = $1', [id, name]),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    vi.restoreAllMocks()
    await this.bed[Symbol.asyncDispose]()
  }
}

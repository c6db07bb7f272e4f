import type { SettingValues } from '../context/settings.ts'
import type { TenantId } from '../context/tenant-id.ts'
import type { CacheCipher } from './codec/cache-cipher.ts'
import type { CacheCodec } from './codec/cache-codec.ts'
import type { CompressOptions } from './codec/compress.ts'
import type { JournalMode } from './invalidation/journal-writer.ts'
import type { LoadLimitOptions } from './read/load-limits.ts'
import type { BreakerOptions } from './redis/breaker.ts'
import type { CacheRedis } from './redis/redis-options.ts'

/** Options of `createCache`, beside the database object. */
export interface CacheOptions {
  /** Where Redis is, or a client of ioredis, of which the cache makes a copy with options of its own. */
  readonly redis: CacheRedis
  /** What all keys start with. One prefix for all services that share values. @default 'leasehold:' */
  readonly prefix?: string
  /**
   * Groups that definitions may be in. The values of a tenant in one group lie in one slot of a Redis Cluster; an invalidation goes to
   * each group once, so every service that shares the prefix must name the same groups. @default ['main']
   */
  readonly groups?: readonly string[]
  /** Milliseconds that a call waits for Redis, at most. @default 50 */
  readonly timeoutMs?: number
  /** When Redis is left alone for a while. */
  readonly breaker?: BreakerOptions
  /** How many loads may be under way in this process. */
  readonly loads?: LoadLimitOptions
  /** Milliseconds for which one process may load a value alone before another may load it too. @default 5000 */
  readonly leaseMs?: number
  /** Milliseconds that a call waits for another's load of the same value before it loads by itself. @default 5000 */
  readonly waitMs?: number
  /** Milliseconds after which another process may ask what became of a transaction that has marked what it overwrites. @default 250 */
  readonly pendingMs?: number
  /** How values become bytes. @default taggedJson() */
  readonly codec?: CacheCodec
  /** @default not */
  readonly compress?: CompressOptions
  /** Encrypts values, with a key for each tenant. @default not */
  readonly encrypt?: CacheCipher
  /** When a transaction notes in PostgreSQL what it overwrites. @default 'never' */
  readonly journal?: JournalMode | { readonly mode: JournalMode; readonly pollMs?: number }
}

/** Whom one call is for, where no scope says so, or not all of it. */
export interface CacheCallOptions {
  /** @default that of the scope */
  readonly tenant?: TenantId
  /** Values of declared settings. @default those of the scope */
  readonly settings?: SettingValues
}

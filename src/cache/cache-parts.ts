import type { KnownIdentity } from './catalog/known-identity.ts'
import type { CachedTable } from './catalog/read-tables.ts'
import type { CacheCipher } from './codec/cache-cipher.ts'
import type { CacheCodec } from './codec/cache-codec.ts'
import type { CompressOptions } from './codec/compress.ts'
import type { CacheDatabase } from './database.ts'
import type { Fences } from './fences/fences.ts'
import type { Settler } from './invalidation/settler.ts'
import type { Journal } from './journal/journal.ts'
import type { LoadLimits } from './read/load-limits.ts'

/** What all definitions of one cache share. */
export interface CacheParts<DB> {
  readonly database: CacheDatabase<DB>
  readonly fences: Fences
  readonly settler: Settler
  readonly journal: Journal
  readonly limits: LoadLimits
  readonly identity: KnownIdentity
  /** The tables of the database, by name, as they were when the cache was made. */
  readonly catalog: ReadonlyMap<string, CachedTable>
  readonly codec: CacheCodec
  readonly compress: Required<CompressOptions> | undefined
  readonly encrypt: CacheCipher | undefined
  readonly prefix: string
  readonly groups: readonly string[]
  readonly leaseMs: number
  readonly waitMs: number
  readonly pendingMs: number
  readonly resolveMs: number
}

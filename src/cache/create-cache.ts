import { compositionOf } from '../composition.ts'
import { ConfigError } from '../errors/config.ts'
import type { Leasehold } from '../leasehold.ts'
import { refuseForeign } from '../made-here.ts'
import { Cache } from './cache.ts'
import type { CacheOptions } from './cache-options.ts'
import { KnownIdentity } from './catalog/known-identity.ts'
import { readIdentity } from './catalog/read-identity.ts'
import { readTables } from './catalog/read-tables.ts'
import type { CacheDatabase } from './database.ts'
import { Fences } from './fences/fences.ts'
import { Settler } from './invalidation/settler.ts'
import { Journal } from './journal/journal.ts'
import { LoadLimits } from './read/load-limits.ts'
import { resolveCache } from './resolve-cache.ts'

/** Milliseconds for which the outcome of a commit whose answer was lost is asked after. */
const RESOLVE_MS = 30_000

/**
 * Makes a read-through cache over a database object. Asks the primary who it is, and for the policies of its tables; Redis need not be
 * there.
 *
 * @throws {ConfigError} a wrong option, or no database object of `createLeasehold`
 * @throws what the primary answers
 */
export async function createCache<DB>({
  db,
  ...options
}: CacheOptions & { readonly db: Leasehold<DB> }): Promise<Cache<DB>> {
  // What `createLeasehold<DB>` remembers for a `Leasehold<DB>` is a `CacheDatabase<DB>`.
  const database = compositionOf(db)?.forCache as CacheDatabase<DB> | undefined
  if (!database) {
    refuseForeign('database', db, 'options.db')
    throw new ConfigError('options.db must be what createLeasehold() gave.')
  }
  const { redis, timeoutMs, breaker, journal: journalRules, loads, ...rules } = resolveCache(options)
  if (journalRules.mode !== 'never' && !database.hasSystem) {
    throw new ConfigError(
      'options.journal needs the option `system` of createLeasehold: its relay reads the notes of every tenant.',
    )
  }
  const [is, catalog] = [await readIdentity(database), await readTables(database)]
  const fences = await Fences.open({ redis, timeoutMs, ...(breaker && { breaker }) })
  const journal = new Journal(database, fences, journalRules)
  return new Cache<DB>({
    ...rules,
    database,
    fences,
    settler: new Settler(database, fences),
    journal,
    limits: new LoadLimits(loads),
    identity: new KnownIdentity(is, database, (timeline) => fences.setTimeline(timeline)),
    catalog,
    resolveMs: RESOLVE_MS,
  })
}

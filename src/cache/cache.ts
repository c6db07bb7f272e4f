import { ConfigError } from '../errors/config.ts'
import { NestingError } from '../errors/outcome.ts'
import { joinableTransaction } from '../query/joinable-transaction.ts'
import type { JoinableTransaction } from '../transaction/participant.ts'
import type { CacheAuditOptions } from './audit/audit-report.ts'
import { CacheAudit } from './audit/cache-audit.ts'
import type { CacheCallOptions } from './cache-options.ts'
import type { CacheParts } from './cache-parts.ts'
import type { CacheSnapshot } from './cache-snapshot.ts'
import { type CacheCounts, noCounts } from './counts.ts'
import { Definition } from './definition/definition.ts'
import { DefinitionKeys } from './definition/definition-keys.ts'
import type { DefinitionOptions } from './definition/definition-options.ts'
import { coveredTables } from './definition/policy-coverage.ts'
import { resolveDefinition } from './definition/resolve-definition.ts'
import { Invalidation } from './invalidation/invalidation.ts'
import { tagFence, tenantFence } from './key/fence-key.ts'
import { EntryShelf } from './read/entry-shelf.ts'
import { Loader } from './read/loader.ts'
import { ReadThrough } from './read/read-through.ts'

/** A read-through cache of tenant data. Made by {@link createCache}. */
export class Cache<DB = unknown> {
  readonly #parts: CacheParts<DB>
  readonly #counts = new Map<string, CacheCounts>()
  /** What each open transaction overwrites. */
  readonly #invalidations = new WeakMap<JoinableTransaction, Invalidation>()
  #audit: CacheAudit | undefined

  /** @internal use {@link createCache} */
  constructor(parts: CacheParts<DB>) {
    this.#parts = parts
  }

  /**
   * Defines one kind of value. Every process that defines it under the same name, with the same `version`, shares its values.
   *
   * @throws {CacheDefinitionError} a wrong option; or policies of its tables read tables that no tag covers
   */
  define<Args extends readonly unknown[], Value>(
    name: string,
    options: DefinitionOptions<DB, Args, Value>,
  ): Definition<DB, Args, Value> {
    const { database, fences, limits, settler, catalog, identity } = this.#parts
    const rules = resolveDefinition(name, this.#parts.groups, options)
    if (this.#counts.has(name)) throw new ConfigError(`The cache definition "${name}" was defined before.`)
    const tables = coveredTables(
      {
        name,
        tables: options.tables,
        policyTags: Object.keys(options.policyTags ?? {}),
        vary: rules.vary,
      },
      catalog,
      database.settings,
    )
    const counts = noCounts()
    this.#counts.set(name, counts)
    const keys = new DefinitionKeys({ ...this.#parts, rules, options, tables })
    const { leaseMs, waitMs } = this.#parts
    const shelf = new EntryShelf<Value>({ ...this.#parts, rules, counts })
    const loader = new Loader<DB, Value>({
      database,
      limits,
      counts,
      timeoutMs: undefined,
      onTimeline: (timeline) => identity.sawTimeline(timeline),
    })
    const through = new ReadThrough<DB, Value>({
      fences,
      shelf,
      loader,
      settler,
      counts,
      leaseMs,
      waitMs,
      positionOf: (lsn) => identity.positionOf(lsn),
      onHit: (compare) => this.#audit?.hit(name, compare),
    })
    return new Definition({ name, options, keys, database, through, counts })
  }

  /**
   * Has everything with a tag forgotten when the transaction commits: from just before COMMIT on, nothing with the tag is served
   * or stored until the outcome is known, in any process. A tag is a text of a definition's `tags`, or what its `tag()` gives.
   *
   * @param tx of `withTenant`; a read-write one
   * @throws {NestingError} it is read only, or no transaction of this library
   * @throws {ClosedError} its callback has settled
   */
  invalidate(tx: object, ...tags: readonly string[]): void {
    const transaction = joinableTransaction(tx)
    if (!transaction || transaction.context.readOnly) {
      throw new NestingError(
        'cache.invalidate() takes the `tx` of a withTenant() that may write: what is forgotten is tied to its commit.',
      )
    }
    const { prefix, groups } = this.#parts
    const { tenant } = transaction.context
    const fences = groups.flatMap((group) => tags.map((tag) => tagFence({ prefix, tenant, group }, tag)))
    this.#invalidationOf(transaction).add(fences)
  }

  /**
   * Has everything of a tenant forgotten, now: one question to Redis for each group, however much there is.
   *
   * @throws {CacheUnavailableError} @throws {ScopeRequiredError} without a tenant, outside of `run`
   */
  async flushTenant(call: Pick<CacheCallOptions, 'tenant'> = {}): Promise<void> {
    const { prefix, groups, fences, database } = this.#parts
    const { tenant } = database.caller(call)
    await fences.bump(groups.map((group) => tenantFence({ prefix, tenant, group })))
  }

  /**
   * Starts to compare a share of all hits with the primary. One audit at a time; a new one takes the place of the one before.
   *
   * @throws {ConfigError}
   */
  audit(options: CacheAuditOptions): CacheAudit {
    const { sample } = options
    if (!(sample > 0 && sample <= 1))
      throw new ConfigError('options.sample must be a share above 0, up to 1.')
    void this.#audit?.stop()
    this.#audit = new CacheAudit(options)
    return this.#audit
  }

  /** How the cache stands in this process. */
  snapshot(): CacheSnapshot {
    const { fences, limits, settler, journal } = this.#parts
    return Object.freeze({
      redis: fences.snapshot(),
      definitions: Object.fromEntries([...this.#counts].map(([name, counts]) => [name, { ...counts }])),
      loads: { running: limits.running, waiting: limits.waiting },
      settled: settler.settled,
      carried: journal.carried,
    })
  }

  /** Lets go of Redis. The database object stays open. */
  async close(): Promise<void> {
    await this.#audit?.stop()
    await this.#parts.journal.close()
    this.#parts.identity.close()
    await this.#parts.fences.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #invalidationOf(transaction: JoinableTransaction): Invalidation {
    const known = this.#invalidations.get(transaction)
    if (known) return known
    const invalidation = new Invalidation(this.#parts)
    transaction.enlist(invalidation)
    this.#invalidations.set(transaction, invalidation)
    return invalidation
  }
}

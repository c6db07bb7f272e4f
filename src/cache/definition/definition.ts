import type { TenantReadTransaction } from '../../query/tenant-reader.ts'
import type { CacheCallOptions } from '../cache-options.ts'
import { tablesRead } from '../catalog/tables-read.ts'
import type { CacheCounts } from '../counts.ts'
import type { CacheCaller, CacheDatabase } from '../database.ts'
import type { EntryKeys } from '../key/entry-keys.ts'
import type { ReadRequest } from '../read/read-request.ts'
import type { ReadThrough } from '../read/read-through.ts'
import type { DefinitionKeys } from './definition-keys.ts'
import type { DefinitionOptions } from './definition-options.ts'
import { refuseUndeclared } from './policy-coverage.ts'

/** What a definition is made of. */
export interface DefinitionParts<DB, Args extends readonly unknown[], Value> {
  readonly name: string
  readonly options: DefinitionOptions<DB, Args, Value>
  readonly keys: DefinitionKeys<Args>
  readonly database: CacheDatabase<DB>
  readonly through: ReadThrough<DB, Value>
  readonly counts: CacheCounts
}

/** One load in so many is held against `tables`; so is the first one. */
const CHECK_EVERY = 1_000

/** One kind of value, as {@link Cache.define} gives it. */
export class Definition<DB, Args extends readonly unknown[], Value> {
  readonly name: string
  readonly #parts: DefinitionParts<DB, Args, Value>
  #loads = 0

  /** @internal use {@link Cache.define} */
  constructor(parts: DefinitionParts<DB, Args, Value>) {
    this.name = parts.name
    this.#parts = parts
  }

  /**
   * The value for these arguments, for the tenant and the settings of the scope that `db.run` opened. Inside a transaction it is
   * read by that transaction, and neither taken from the cache nor put there: it may have seen less, or more, than was committed.
   *
   * What it gives is a copy of the caller's own, of what encoding the loaded value kept of it.
   *
   * @throws {ScopeRequiredError} outside of `run`
   * @throws {CacheOverloadedError} too many loads were under way, and none was started
   * @throws {CacheDefinitionError} `load` has read tables that the definition does not name
   * @throws {CacheValueError} what `load` gave cannot be encoded; and whatever `load` throws
   */
  get(...args: Args): Promise<Value> {
    return this.getFor({}, ...args)
  }

  /** The same for a tenant, or settings, that no scope says. @throws as {@link get} does */
  getFor(call: CacheCallOptions, ...args: Args): Promise<Value> {
    const { database, keys, counts, options, through } = this.#parts
    try {
      const caller = database.caller(call)
      if (database.inTransaction()) {
        counts.bypassed += 1
        return database.join(caller, (tx) => options.load(tx, ...args))
      }
      return through.get(this.#request(keys.of(caller, args), keys.sharedBy(caller), args))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** The tag of the value for these arguments, whoever it was loaded for: for `cache.invalidate`. @throws {CacheValueError} */
  tag(...args: Args): string {
    return this.#parts.keys.ownTag(args)
  }

  #request(keys: EntryKeys, caller: CacheCaller, args: Args): ReadRequest<DB, Value> {
    return { caller, keys, load: (tx) => this.#load(tx, args) }
  }

  async #load(tx: TenantReadTransaction<DB>, args: Args): Promise<Value> {
    const { name, options } = this.#parts
    const value = await options.load(tx, ...args)
    const isChecked = this.#loads % CHECK_EVERY === 0
    this.#loads += 1
    if (isChecked) {
      const policyTags = Object.keys(options.policyTags ?? {})
      refuseUndeclared({ name, tables: options.tables, policyTags }, await tablesRead(tx))
    }
    return value
  }
}

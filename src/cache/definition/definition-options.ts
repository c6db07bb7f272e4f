import type { TenantReadTransaction } from '../../query/tenant-reader.ts'

/** What the tags of a policy's table are made of. */
export interface TagContext {
  /** Values of the declared settings, by name. */
  readonly settings: Readonly<Record<string, string>>
}

/** When values get old. All of it is about age alone: a value that was overwritten is never served, whatever stands here. */
export interface FreshnessOptions {
  /** Milliseconds for which a value is fresh. */
  readonly ttlMs: number
  /** The share of `ttlMs` by which it is shortened at random, from 0 to 1, so that what was loaded together does not expire together. @default 0.1 */
  readonly jitter?: number
  /** How eagerly a value is loaded again before it expires: XFetch's beta; 0 is never. @default 1 */
  readonly early?: number
  /** Milliseconds after `ttlMs` for which the old value is still served while a new one is loaded. @default 0 */
  readonly staleMs?: number
  /** Milliseconds after that for which the old value is served where the load fails. @default 0 */
  readonly graceMs?: number
  /** Milliseconds for which `undefined` and `null` are fresh. @default ttlMs */
  readonly negativeTtlMs?: number
}

/** What each process keeps besides, of one definition. */
export interface LocalOptions {
  /** Values. @default 1000 */
  readonly maxEntries?: number
  /** Bytes of their encoded form. @default 16777216 */
  readonly maxBytes?: number
}

/** How one kind of value is cached. */
export interface DefinitionOptions<DB, Args extends readonly unknown[], Value> extends FreshnessOptions {
  /** What tells one value from another, within a tenant. Encoded, never joined: no two keys meet. */
  readonly key: (...args: Args) => readonly KeyPart[]
  /** Tables and views that `load` reads, `schema.name` or, of the schema `public`, `name`. The first load is held against it. */
  readonly tables: readonly string[]
  /** What a value depends on; see {@link Cache.invalidate}. The values of one key always have the same tags. */
  readonly tags?: (...args: Args) => readonly string[]
  /**
   * Tags for the other tables that the policies of `tables` read, such as memberships. They are part of what decides which rows are
   * seen, so a value depends on them too.
   */
  readonly policyTags?: Readonly<Record<string, (context: TagContext) => string | readonly string[]>>
  /**
   * Who shares a value: those with the same tenant, role and settings (`context`), or the whole tenant, which is refused where a
   * policy reads further settings. @default 'context'
   */
  readonly vary?: 'context' | 'tenant'
  /** One of the groups of the cache. @default the first of them */
  readonly group?: string
  /** To be changed when `load` gives something else than before for the same rows. @default '' */
  readonly version?: string
  /** Bytes of an encoded value; larger ones are loaded each time. @default 512000 */
  readonly maxBytes?: number
  /**
   * What the process keeps too, each asked of Redis whether it still holds: the text of some 500 values, of which each caller is given a
   * copy of their own, unless values are encrypted; with `true` or limits the decoded values, which are frozen; with `false` nothing.
   * @default their text
   */
  readonly local?: LocalOptions | boolean
  /** Reads the value, in a transaction that only reads. Not given what was read before, and run for many callers at once. */
  readonly load: (tx: TenantReadTransaction<DB>, ...args: Args) => Promise<Value> | Value
}

/** A part of a key. */
export type KeyPart = string | number | bigint | boolean | null

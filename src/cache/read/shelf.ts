import type { TenantId } from '../../context/tenant-id.ts'
import type { Reading } from '../fences/reading.ts'
import type { Freshness } from '../freshness/freshness.ts'
import type { EntryKeys } from '../key/entry-keys.ts'
import type { Loaded } from './loader.ts'

/** Where a value lies, and whose it is. */
export interface ShelfPlace {
  readonly tenant: TenantId
  readonly keys: EntryKeys
}

/** A value that was encoded. Each caller takes a copy of its own, so that none can change what another sees. */
export interface Value<T> {
  take(): T
}

/** A value that Redis holds, and that nothing has overwritten. */
export interface HeldEntry<T> extends Value<T> {
  readonly age: Exclude<Freshness, 'expired'>
  readonly gens: readonly string[]
  /** When its load began: a later one may take its place. */
  readonly ordinal: string
  readonly isNegative: boolean
  /** Whether another value would be encoded alike. @throws {CacheValueError} it cannot be */
  isLike(value: T): boolean
}

/** What is stored of a value. */
export interface SealedEntry {
  readonly bytes: Buffer
  /** Milliseconds after which Redis forgets it. */
  readonly keptMs: number
}

/** Under what a value is stored. */
export interface SealOptions {
  readonly gens: readonly string[]
  readonly ordinal: string
  readonly tookMs: Loaded<unknown>['tookMs']
}

/** How the values of one definition stand in Redis, and which of them the process keeps. */
export interface Shelf<T> {
  /** Whether the process has the value, so that Redis need only say whether it holds. */
  kept(place: ShelfPlace): boolean
  /** The value that was read, if it holds and can be read; at once where it is text. Never rejects. */
  hold(place: ShelfPlace, reading: Reading): HeldEntry<T> | undefined | Promise<HeldEntry<T> | undefined>
  /** @throws {CacheValueError} the value would not come back as it was */
  encode(value: T): Value<T>
  /** Nothing where the value is too large. @throws what compresses or encrypts it throws */
  seal(place: ShelfPlace, value: Value<T>, options: SealOptions): Promise<SealedEntry | undefined>
}

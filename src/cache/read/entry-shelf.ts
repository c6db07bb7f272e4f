import type { CacheCipher } from '../codec/cache-cipher.ts'
import type { CacheCodec, EncodedText } from '../codec/cache-codec.ts'
import { type CompressOptions, compress, decompress } from '../codec/compress.ts'
import type { CacheCounts } from '../counts.ts'
import type { ResolvedDefinition } from '../definition/resolve-definition.ts'
import { type Entry, entryHead, readEntry, writeEntry } from '../entry/entry.ts'
import { judge } from '../fences/judge.ts'
import type { Reading } from '../fences/reading.ts'
import { drawTtl, judgeAge, keptMs } from '../freshness/freshness.ts'
import type { EntryKeys } from '../key/entry-keys.ts'
import { freezeDeeply } from '../local/freeze-deeply.ts'
import { handOut } from '../local/hand-out.ts'
import { LocalValues } from '../local/local-values.ts'
import type { HeldEntry, SealedEntry, SealOptions, Shelf, ShelfPlace, Value } from './shelf.ts'

/** How the values of one definition are encoded. */
export interface EntryShelfParts {
  readonly codec: CacheCodec
  readonly compress: Required<CompressOptions> | undefined
  readonly encrypt: CacheCipher | undefined
  readonly rules: ResolvedDefinition
  readonly counts: CacheCounts
}

/** A value that was encoded here. */
interface EncodedValue<T> extends Value<T> {
  readonly encoded: EncodedText
  readonly isNegative: boolean
}

/** The values of one definition, as entries in Redis and, where it is asked for, decoded in the process. */
export class EntryShelf<T> implements Shelf<T> {
  readonly #parts: EntryShelfParts
  readonly #local: LocalValues<{ readonly entry: Entry; readonly take: () => T }> | undefined

  constructor(parts: EntryShelfParts) {
    this.#parts = parts
    const { local } = parts.rules
    // What is encrypted in Redis is not to lie about in the clear here, unless that was asked for.
    const isKept = local && (local.keeps === 'values' || !parts.encrypt)
    this.#local = isKept ? new LocalValues(local) : undefined
  }

  kept({ keys }: ShelfPlace): boolean {
    return this.#local?.get(keys.value) !== undefined
  }

  hold(place: ShelfPlace, reading: Reading): HeldEntry<T> | undefined | Promise<HeldEntry<T> | undefined> {
    return reading.value === undefined
      ? this.#holdLocal(place, reading)
      : this.#holdEntry(place, reading.value, reading)
  }

  encode(value: T): Value<T> {
    const { codec } = this.#parts
    const encoded = codec.encode(value)
    const isNegative = value === undefined || value === null
    const taken: EncodedValue<T> = { encoded, isNegative, take: () => codec.decode(encoded) as T }
    return taken
  }

  async seal(
    { tenant, keys }: ShelfPlace,
    value: Value<T>,
    { gens, ordinal, tookMs }: SealOptions,
  ): Promise<SealedEntry | undefined> {
    const { codec, compress: rules, encrypt } = this.#parts
    const { freshness, maxBytes } = this.#parts.rules
    const { encoded, isNegative } = value as EncodedValue<T>
    let payload: Buffer = Buffer.from(encoded.text, 'utf8')
    const compressed = rules && payload.length > rules.above ? rules.codec : undefined
    if (compressed) payload = await compress(compressed, payload)
    if (payload.length > maxBytes) return undefined
    const ttlMs = drawTtl(freshness, isNegative, Math.random())
    const meta = {
      bornAtMs: Date.now() - Math.round(tookMs),
      ttlMs,
      loadMs: tookMs,
      codec: codec.name,
      isNegative,
      isTagged: encoded.isTagged,
      compressed,
      isEncrypted: encrypt !== undefined,
    }
    if (encrypt) payload = await encrypt.encrypt(tenant, placeOf(keys, { gens, ordinal, meta }), payload)
    return { bytes: writeEntry({ gens, ordinal, meta, payload }), keptMs: keptMs(freshness, ttlMs) }
  }

  #holdLocal({ keys }: ShelfPlace, reading: Reading): HeldEntry<T> | undefined {
    const local = this.#local?.get(keys.value)
    if (!local) return undefined
    const { entry, take } = local.value
    const age = this.#ageOf(entry)
    if (judge(reading, entry.gens) !== 'holds' || age === 'expired') {
      this.#local?.delete(keys.value)
      return undefined
    }
    this.#parts.counts.localHits += 1
    return this.#held(entry, age, take)
  }

  #holdEntry(
    place: ShelfPlace,
    bytes: Buffer,
    reading: Reading,
  ): HeldEntry<T> | undefined | Promise<HeldEntry<T> | undefined> {
    const entry = readEntry(bytes)
    if (!entry) return this.#unreadable()
    const age = this.#ageOf(entry)
    if (judge(reading, entry.gens) !== 'holds' || age === 'expired') return undefined
    const { codec, encrypt } = this.#parts
    const { codec: name, isEncrypted, compressed } = entry.meta
    if (name !== codec.name || isEncrypted !== (encrypt !== undefined)) return this.#unreadable()
    if (!isEncrypted && !compressed) return this.#decode(place, entry, age, entry.payload)
    return this.#open(place, entry).then(
      (payload) => this.#decode(place, entry, age, payload),
      () => this.#unreadable(),
    )
  }

  #decode(
    place: ShelfPlace,
    entry: Entry,
    age: HeldEntry<T>['age'],
    payload: Buffer,
  ): HeldEntry<T> | undefined {
    const { codec } = this.#parts
    const encoded = { text: payload.toString('utf8'), isTagged: entry.meta.isTagged }
    try {
      const value = codec.decode(encoded) as T
      if (this.#parts.rules.local?.keeps === 'values') {
        const take = takeOf(entry, freezeDeeply(value))
        this.#keep(place, entry, payload.length, take)
        return this.#held(entry, age, take)
      }
      const again = () => codec.decode(encoded) as T
      this.#keep(place, entry, payload.length, again)
      return this.#held(entry, age, firstThen(value, again))
    } catch {
      return this.#unreadable()
    }
  }

  #keep({ keys }: ShelfPlace, entry: Entry, bytes: number, take: () => T): void {
    this.#local?.set(keys.value, { value: { entry: unloaded(entry), take }, gens: entry.gens, bytes })
  }

  #held(entry: Entry, age: HeldEntry<T>['age'], take: () => T): HeldEntry<T> {
    const { codec } = this.#parts
    const { gens, ordinal, meta } = entry
    const isLike = (value: T) => codec.encode(value).text === codec.encode(take()).text
    return { age, gens, ordinal, isNegative: meta.isNegative, take, isLike }
  }

  /** The text of an entry. @throws it is of another key or tenant, or was changed */
  async #open({ tenant, keys }: ShelfPlace, entry: Entry): Promise<Buffer> {
    const { encrypt } = this.#parts
    const { meta, payload } = entry
    const bytes = encrypt ? await encrypt.decrypt(tenant, placeOf(keys, entry), payload) : payload
    return meta.compressed ? decompress(meta.compressed, bytes) : bytes
  }

  #ageOf({ meta }: Entry) {
    return judgeAge(this.#parts.rules.freshness, meta, Date.now(), 1 - Math.random())
  }

  #unreadable(): undefined {
    this.#parts.counts.unreadable += 1
  }
}

/** Where an entry lies, and all that is said of it: its bytes can be read as nothing else, and nowhere else. */
function placeOf(keys: EntryKeys, entry: Omit<Entry, 'payload'>): string {
  return `${keys.value}\n${entryHead(entry)}`
}

/** Plain JSON is frozen through and through, and can be given to everybody. */
function takeOf<T>({ meta }: Entry, value: T): () => T {
  return meta.isTagged ? () => handOut(value) : () => value
}

/** What was decoded is for the first who takes it; whoever else takes it is given a copy of their own. */
function firstThen<T>(first: T, again: () => T): () => T {
  let isTaken = false
  return () => {
    if (isTaken) return again()
    isTaken = true
    return first
  }
}

/** What is kept of an entry beside its value. */
function unloaded(entry: Entry): Entry {
  return { ...entry, payload: Buffer.alloc(0) }
}

import { randomBytes } from 'node:crypto'
import { CacheUnavailableError } from '../../errors/cache.ts'
import type { Comparison } from '../audit/cache-audit.ts'
import type { CacheCounts } from '../counts.ts'
import type { LogPosition } from '../database.ts'
import type { Fences, LeaseAnswer, Reading } from '../fences/fences.ts'
import { judge } from '../fences/judge.ts'
import { stampOf } from '../fences/reading.ts'
import type { Settler } from '../invalidation/settler.ts'
import type { Loaded, Loader } from './loader.ts'
import type { ReadRequest } from './read-request.ts'
import { SharedFlight } from './shared-flight.ts'
import type { HeldEntry, Shelf, ShelfPlace, Value } from './shelf.ts'
import { TrailingFlight } from './trailing-flight.ts'

/** How the values of one definition are read. */
export interface ReadThroughParts<DB, T> {
  readonly fences: Fences
  readonly shelf: Shelf<T>
  readonly loader: Loader<DB, T>
  readonly settler: Settler
  readonly counts: CacheCounts
  /** Milliseconds for which one process may load a value alone. */
  readonly leaseMs: number
  /** Milliseconds that a call waits for another's load. */
  readonly waitMs: number
  /** The place in the log that a floor stands for; nothing where there are no replicas, or nobody knows their history. */
  positionOf(lsn: bigint): LogPosition | undefined
  /** Is told of each hit, with what compares it with the primary. */
  onHit(compare: () => Comparison): void
}

/**
 * Reads values of one definition through Redis: one question to it where the value is there, and otherwise one load for all
 * processes together. What is served was true after every write that was acknowledged before the call.
 */
export class ReadThrough<DB, T> {
  readonly #parts: ReadThroughParts<DB, T>
  /** Loads under fences that were just read: as long as those stand, whoever joins sees no less than if they loaded themselves. */
  readonly #fills = new SharedFlight<Value<T>>()
  /** Loads where a fence is not there yet: who comes later has to ask again. */
  readonly #firstFills = new TrailingFlight<Value<T>>()
  /** Loads that nothing stands for. */
  readonly #loads = new TrailingFlight<Value<T>>()

  constructor(parts: ReadThroughParts<DB, T>) {
    this.#parts = parts
  }

  /** @throws {CacheOverloadedError} {@link CacheValueError} and what the load throws */
  async get(request: ReadRequest<DB, T>): Promise<T> {
    const { fences, shelf, counts } = this.#parts
    const place = placeOf(request)
    const reading = await fences.read(request.keys, { withValue: !shelf.kept(place) }).catch(unavailable)
    if ('kind' in reading) {
      counts.unavailable += 1
      return (await this.#loadAlone(request)).take()
    }
    const held = await shelf.hold(place, reading)
    if (held) return this.#serve(request, reading, held)
    counts.misses += 1
    return (await this.#fill(request, reading)).take()
  }

  #serve(request: ReadRequest<DB, T>, reading: Reading, held: HeldEntry<T>): T | Promise<T> {
    const { counts, onHit } = this.#parts
    counts.hits += 1
    if (held.isNegative) counts.negativeHits += 1
    if (held.age === 'grace') {
      counts.staleHits += 1
      return this.#fill(request, reading, held).then(
        (value) => value.take(),
        () => held.take(),
      )
    }
    if (held.age !== 'fresh') {
      if (held.age === 'stale') counts.staleHits += 1
      this.#fill(request, reading, held).catch(ignore)
    }
    onHit(() => this.#comparison(request, held))
    return held.take()
  }

  #comparison(request: ReadRequest<DB, T>, held: HeldEntry<T>): Comparison {
    const { loader, fences } = this.#parts
    return {
      isSame: async () => held.isLike((await loader.load(request.caller, undefined, request.load)).value),
      stillHolds: async () =>
        judge(await fences.read(request.keys, { withValue: false }), held.gens) === 'holds',
    }
  }

  /** @param old what is there and holds, and is to be replaced all the same */
  #fill(request: ReadRequest<DB, T>, reading: Reading, old?: HeldEntry<T>): Promise<Value<T>> {
    // What is pending may be committed at any moment: a load that has begun is not joined then.
    if (reading.isPending) return this.#loadPending(request, reading.pending)
    const fill = () => this.#fillOnce(request, old?.ordinal)
    // A fence that is not there looks the same before and after a write.
    if (reading.fences.includes(undefined)) return this.#firstFills.run(request.keys.value, fill)
    return this.#fills.run([request.keys.value, reading.epoch, stampOf(reading)].join(' '), fill)
  }

  /** @param old the ordinal of an entry that will not do */
  async #fillOnce(request: ReadRequest<DB, T>, old: string | undefined): Promise<Value<T>> {
    const { fences, shelf, counts, leaseMs, waitMs } = this.#parts
    let newerThan = old
    const { keys } = request
    const token = randomBytes(12).toString('base64url')
    const giveUpAt = performance.now() + waitMs
    for (;;) {
      const answer = await fences
        .lease(keys, { token, leaseMs, ...(newerThan !== undefined && { newerThan }) })
        .catch(unavailable)
      if (answer.kind === 'unavailable') return this.#loadAlone(request)
      if (answer.kind === 'pending') return this.#loadPending(request, answer.pending)
      if (answer.kind === 'load') return this.#loadAndStore(request, token, answer)
      if (answer.kind === 'hit') {
        const held = await shelf.hold(placeOf(request), answer.reading)
        if (held) return held
        // What cannot be read is in the way of what could.
        newerThan = LATEST
        continue
      }
      const leftMs = giveUpAt - performance.now()
      if (leftMs <= 0) return this.#loadAlone(request)
      counts.waits += 1
      await fences.woken(keys, Math.min(answer.remainingMs, leftMs))
    }
  }

  async #loadAndStore(
    request: ReadRequest<DB, T>,
    token: string,
    lease: Extract<LeaseAnswer, { kind: 'load' }>,
  ): Promise<Value<T>> {
    const { fences, shelf, loader } = this.#parts
    const { keys } = request
    let loaded: Loaded<T>
    let value: Value<T>
    try {
      loaded = await loader.load(request.caller, this.#demand(lease.floors), request.load)
      value = shelf.encode(loaded.value)
    } catch (error) {
      fences.release(keys, token).catch(ignore)
      throw error
    }
    await this.#store(placeOf(request), token, lease, loaded, value)
    return value
  }

  async #store(
    place: ShelfPlace,
    token: string,
    lease: Extract<LeaseAnswer, { kind: 'load' }>,
    loaded: Loaded<T>,
    value: Value<T>,
  ): Promise<void> {
    const { fences, shelf, counts } = this.#parts
    const { gens, ordinal } = lease
    const { source, lsn } = loaded
    const release = () => void fences.release(place.keys, token).catch(ignore)
    // A replica that does not say what it has replayed may be anywhere.
    if (source === 'replica' && lsn === undefined) {
      counts.behind += 1
      return release()
    }
    // Who cannot encrypt, as for want of a key, still has the value.
    const sealed = await shelf.seal(place, value, { ...loaded, gens, ordinal }).catch(() => null)
    if (!sealed) {
      counts[sealed === null ? 'unstored' : 'oversized'] += 1
      return release()
    }
    const { keptMs: ttlMs, bytes } = sealed
    const answer = await fences
      .store(place.keys, { token, ordinal, gens, source, lsn, ttlMs, value: bytes })
      .catch(() => 'unavailable' as const)
    if (answer === 'stored') counts.stores += 1
    else if (answer === 'gen') counts.overtaken += 1
    else if (answer === 'pending') counts.pending += 1
    else if (answer === 'lsn') counts.behind += 1
    else counts.unstored += 1
  }

  /** Reads what a transaction that has not ended may overwrite, and has marks settled that were left behind. */
  #loadPending(request: ReadRequest<DB, T>, pending: readonly string[]): Promise<Value<T>> {
    this.#parts.counts.pending += 1
    for (const fence of pending) void this.#parts.settler.settle(fence)
    return this.#loadAlone(request)
  }

  /** Loads from the primary what is not stored. */
  #loadAlone(request: ReadRequest<DB, T>): Promise<Value<T>> {
    const { loader, shelf } = this.#parts
    return this.#loads.run(request.keys.value, async () => {
      const { value } = await loader.load(request.caller, undefined, request.load)
      return shelf.encode(value)
    })
  }

  /** A fence whose floor nobody knows is for the primary. */
  #demand(floors: readonly (bigint | undefined)[]): LogPosition | undefined {
    let highest = 0n
    for (const floor of floors) {
      if (floor === undefined) return undefined
      if (floor > highest) highest = floor
    }
    return this.#parts.positionOf(highest)
  }
}

/** Above every ordinal. */
const LATEST = '~'

function placeOf<DB, T>({ caller, keys }: ReadRequest<DB, T>): ShelfPlace {
  return { tenant: caller.tenant, keys }
}

function unavailable(error: unknown): { readonly kind: 'unavailable' } {
  if (error instanceof CacheUnavailableError) return { kind: 'unavailable' }
  throw error
}

function ignore(): void {}

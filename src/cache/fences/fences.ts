import { setTimeout as sleep } from 'node:timers/promises'
import type { FenceEnd, FenceMark } from '../invalidation/fence-writer.ts'
import type { ClaimableFences, ExpiredMark } from '../invalidation/settler.ts'
import { connectRedis } from '../redis/connect-redis.ts'
import { UnreadableReplyError } from '../redis/failure.ts'
import { GatheredReads } from '../redis/gathered-reads.ts'
import { hashTag } from '../redis/key-slot.ts'
import type { RedisServer } from '../redis/redis-server.ts'
import type { RedisServers } from '../redis/redis-servers.ts'
import { Script } from '../redis/script.ts'
import { BEGIN } from './begin.lua.ts'
import { CLAIM } from './claim.lua.ts'
import { readEvidence, writeEvidence } from './evidence-text.ts'
import { lsnDigits } from './fence-value.ts'
import type { FencedKeys } from './fenced-keys.ts'
import { DAY_MS, type FencesOptions, redisLimits } from './fences-options.ts'
import type { FencesSnapshot } from './fences-snapshot.ts'
import { FINISH } from './finish.lua.ts'
import { LEASE } from './lease.lua.ts'
import { type LeaseAnswer, readLeaseAnswer } from './lease-answer.ts'
import { type Reading, readReading } from './reading.ts'
import { RELEASE } from './release.lua.ts'
import { endText, newGens } from './script-arguments.ts'
import { STORE } from './store.lua.ts'
import { readStoreAnswer, type StoreAnswer, type StoredLoad } from './store-answer.ts'

export type { LeaseAnswer } from './lease-answer.ts'
export type { Reading } from './reading.ts'
export type { StoreAnswer } from './store-answer.ts'

const SCRIPTS = {
  lease: new Script(LEASE),
  store: new Script(STORE),
  release: new Script(RELEASE),
  begin: new Script(BEGIN),
  finish: new Script(FINISH),
  claim: new Script(CLAIM),
}

/**
 * The fences, leases and entries in Redis. Every call settles within the limit, and fails at once while Redis cannot be used.
 * Each server has an epoch: it names the server's life and the timeline of PostgreSQL, and what carries another one is not believed.
 */
export class Fences implements ClaimableFences {
  readonly #servers: RedisServers
  readonly #reads: GatheredReads
  readonly #ttl: string
  #timeline = 0

  private constructor(servers: RedisServers, fenceTtlMs: number) {
    this.#servers = servers
    this.#reads = new GatheredReads(servers)
    this.#ttl = String(fenceTtlMs)
  }

  /**
   * Connects to Redis. Waits for it as long as a connection may take, and goes on without it.
   *
   * @throws {ConfigError} that is no Redis, or ioredis is not installed
   */
  static async open(options: FencesOptions): Promise<Fences> {
    const { fenceTtlMs = 2 * DAY_MS } = options
    const limits = redisLimits(options)
    const fences = new Fences(await connectRedis(options.redis, limits), fenceTtlMs)
    await fences.ready(limits.connectMs)
    return fences
  }

  /**
   * @param options.withValue `false` where only the fences are wanted
   * @throws {CacheUnavailableError} as a rejection
   */
  read({ value, fences }: FencedKeys, options: { readonly withValue?: boolean } = {}): Promise<Reading> {
    try {
      const { server, epoch } = this.#at(value)
      if (options.withValue === false) {
        return this.#reads.read(server, fences, (raw) => readReading(epoch, fences, undefined, raw))
      }
      return this.#reads.read(server, [value, ...fences], ([entry, ...raw]) =>
        readReading(epoch, fences, entry, raw),
      )
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * @param options.isRefresh loads although there is a valid entry; `newerThan` unless it is of a later lease than the one with this
   * ordinal
   * @throws {CacheUnavailableError}
   */
  async lease(
    keys: FencedKeys,
    options: {
      readonly token: string
      readonly leaseMs: number
      readonly isRefresh?: boolean
      readonly newerThan?: string | undefined
    },
  ): Promise<LeaseAnswer> {
    const { server, epoch } = this.#at(keys.value)
    const { token, leaseMs, isRefresh = false, newerThan } = options
    const hits = newerThan ?? (isRefresh ? '~' : '')
    const args = [epoch, token, String(leaseMs), this.#ttl, hits, ...newGens(epoch, keys.fences)]
    return server.run(
      (redis) => SCRIPTS.lease.run(redis, [keys.value, keys.lease, ...keys.fences], args),
      (reply) => readLeaseAnswer(epoch, keys.fences, reply),
    )
  }

  /** @throws {CacheUnavailableError} it may have been stored */
  async store(keys: FencedKeys, load: StoredLoad): Promise<StoreAnswer> {
    const lsn = load.lsn === undefined ? '' : lsnDigits(load.lsn)
    const source = load.source === 'primary' ? 'p' : 'r'
    const args = [load.token, load.ordinal, load.gens.join(','), source, lsn, String(load.ttlMs), load.value]
    return this.#servers
      .of(keys.value)
      .run(
        (redis) =>
          SCRIPTS.store.run(redis, [keys.value, keys.lease, ...keys.fences], [...args, keys.wake, this.#ttl]),
        readStoreAnswer,
      )
  }

  /** Lets somebody else load. @throws {CacheUnavailableError} the lease ends by itself */
  async release(keys: FencedKeys, token: string): Promise<void> {
    await this.#servers
      .of(keys.lease)
      .run((redis) => SCRIPTS.release.run(redis, [keys.lease], [token, keys.wake]), ignore)
  }

  async begin(fences: readonly string[], mark: FenceMark): Promise<void> {
    const { token, pendingMs, evidence } = mark
    const text = writeEvidence(evidence)
    await this.#inEachSlot(fences, SCRIPTS.begin, () => [token, String(pendingMs), text, this.#ttl])
  }

  async finish(
    fences: readonly string[],
    { token, end }: { readonly token: string; readonly end: FenceEnd },
  ): Promise<void> {
    await this.#inEachSlot(fences, SCRIPTS.finish, () => [token, endText(end), this.#ttl])
  }

  /** Makes everything under some fences invalid. @throws {CacheUnavailableError} some may be done */
  bump(fences: readonly string[]): Promise<void> {
    return this.finish(fences, { token: '', end: { outcome: 'committed', lsn: undefined } })
  }

  async claim(fence: string, forMs: number): Promise<readonly ExpiredMark[]> {
    return this.#servers.of(fence).run(
      (redis) => SCRIPTS.claim.run(redis, [fence], [String(forMs), this.#ttl]),
      (reply) => {
        const texts = list(reply).map(String)
        const marks: ExpiredMark[] = []
        for (let index = 0; index + 1 < texts.length; index += 2) {
          marks.push({ token: texts[index] ?? '', evidence: readEvidence(texts[index + 1] ?? '') })
        }
        return marks
      },
    )
  }

  /**
   * Waits until the lease of an entry is free, or what it was for is stored.
   *
   * @returns at the latest after `maxMs`, and at once while Redis cannot be used; never rejects
   */
  async woken(keys: FencedKeys, maxMs: number): Promise<void> {
    let server: RedisServer
    try {
      server = this.#servers.of(keys.lease)
    } catch {
      return
    }
    if (server.life === undefined) return
    await server.waker.wait(keys.wake, maxMs, () =>
      server.run(
        (redis) => redis.exists(keys.lease),
        (reply) => reply === 0,
      ),
    )
  }

  /** The timeline that the primary of PostgreSQL is on. Only rises: who says less has not heard of the promotion yet. */
  setTimeline(timeline: number): void {
    this.#timeline = Math.max(this.#timeline, timeline)
  }

  /** What the fences of the server that has a key must carry; nothing while that cannot be used. */
  epoch(key: string = ''): string | undefined {
    try {
      return this.#at(key).epoch
    } catch {
      return undefined
    }
  }

  /** The address of the server that has a key. @throws {CacheUnavailableError} nobody knows yet which one that is */
  serverOf(key: string): string {
    return this.#servers.of(key).address
  }

  /** Waits until every server can be used. @returns whether that is so */
  async ready(timeoutMs: number): Promise<boolean> {
    const giveUpAt = performance.now() + timeoutMs
    while (!this.snapshot().isUsable) {
      if (performance.now() >= giveUpAt) return false
      await sleep(5)
    }
    return true
  }

  snapshot(): FencesSnapshot {
    const servers = this.#servers.all().map((server) => server.snapshot())
    return { isUsable: servers.length > 0 && servers.every(({ state }) => state === 'usable'), servers }
  }

  async close(): Promise<void> {
    this.#servers.close()
  }

  #at(key: string): { readonly server: RedisServer; readonly epoch: string } {
    const server = this.#servers.of(key)
    return { server, epoch: `${server.currentLife()}-${this.#timeline}` }
  }

  /** Runs a script over fences, once for each slot: one script can only have keys of one. */
  async #inEachSlot(fences: readonly string[], script: Script, args: () => string[]): Promise<void> {
    const slots = Map.groupBy(fences, hashTag)
    await Promise.all(
      [...slots.values()].map(async (keys) => {
        const { server, epoch } = this.#at(keys[0] ?? '')
        await server.run(
          (redis) => script.run(redis, keys, [epoch, ...args(), ...newGens(epoch, keys)]),
          ignore,
        )
      }),
    )
  }
}

/** @throws {UnreadableReplyError} */
function list(reply: unknown): unknown[] {
  if (Array.isArray(reply)) return reply
  throw new UnreadableReplyError('An answer that is no list.')
}

function ignore(): void {}

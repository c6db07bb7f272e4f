import { ConfigError } from '../../errors/config.ts'
import type { TokenClock } from '../token/age-token.ts'
import { CLOCK_SKEW_MS } from '../token/clock-skew.ts'
import type { ConsistencyToken, TokenOwner } from '../token/consistency-token.ts'
import { mergeTokens } from '../token/merge-tokens.ts'
import { issueToken } from '../token/sign.ts'
import type { TokenKeys } from '../token/token-keys.ts'
import type { TokenReading } from '../token/token-reading.ts'
import type { TokenReader } from '../token/verify.ts'
import { DROP_TOKEN } from './drop-token.lua.ts'
import { MAX_TOKEN } from './max-token.lua.ts'
import { mergeStored, readStored, scriptArguments, storeKey } from './stored-tokens.ts'
import { LuaScript, type TokenRedis } from './token-redis.ts'

export interface TokenStoreOptions {
  readonly redis: TokenRedis
  readonly keys: TokenKeys
  /** What all keys in Redis start with. @default 'leasehold:token' */
  readonly prefix?: string
  /** Milliseconds for which a token is good. */
  readonly ttlMs: number
  /** Milliseconds that the clocks of those who issue tokens may differ by. @default 2000 */
  readonly clockSkewMs?: number
  /** Milliseconds after which Redis is done without. @default 50 */
  readonly timeoutMs?: number
  /** How many calls may be on their way to Redis, given up ones included, before further ones are not sent. @default 2000 */
  readonly maxPending?: number
}

/** What the store knows of a reader: a token, that there is none, or nothing because Redis did not answer in time. */
export type StoreReading = TokenReading | { readonly kind: 'absent' } | { readonly kind: 'unavailable' }

/**
 * - `raised`: the store now demands this token
 * - `kept`: it demanded more already, and does so for at least as long
 * - `unavailable`: Redis did not answer in time, and may have done it or not
 */
export type RaiseOutcome = 'raised' | 'kept' | 'unavailable'

/** Carries tokens from one request to any other of the same reader, on whatever device. Never rejects, never takes longer than its limit. */
export interface TokenStore {
  /** Raises what is stored to at least this. What is stored never sinks, in whatever order calls arrive. */
  raise(token: ConsistencyToken, nowMs: number): Promise<RaiseOutcome>
  /** What is stored for a reader. Where it is `unavailable`, its cookie has to do, and where there is none, the primary. */
  read(owner: TokenOwner, nowMs: number): Promise<StoreReading>
}

const UNAVAILABLE = { kind: 'unavailable' } as const

/** @throws {ConfigError} a limit that is no number above 0 */
export function createTokenStore(options: TokenStoreOptions): TokenStore {
  const { ttlMs, timeoutMs = 50, clockSkewMs = CLOCK_SKEW_MS, maxPending = 2_000 } = options
  for (const [name, value] of Object.entries({ ttlMs, timeoutMs, maxPending })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new ConfigError(`tokenStore.${name} must be a number above 0.`)
  }
  if (!(clockSkewMs >= 0 && Number.isFinite(clockSkewMs))) {
    throw new ConfigError('tokenStore.clockSkewMs must be a number, 0 or more.')
  }
  return new RedisTokenStore({ prefix: 'leasehold:token', ...options, timeoutMs, clockSkewMs, maxPending })
}

class RedisTokenStore implements TokenStore {
  readonly #options: Required<TokenStoreOptions>
  readonly #max = new LuaScript(MAX_TOKEN)
  readonly #drop = new LuaScript(DROP_TOKEN)
  #pending = 0

  constructor(options: Required<TokenStoreOptions>) {
    this.#options = options
  }

  async read(owner: TokenOwner, nowMs: number): Promise<StoreReading> {
    const { redis, keys, prefix } = this.#options
    const value = await this.#within(() => redis.get(storeKey(prefix, owner)))
    if (value === undefined) return UNAVAILABLE
    return value === null
      ? { kind: 'absent' }
      : mergeStored(readStored(keys, value, this.#reader(owner, nowMs)))
  }

  async raise(token: ConsistencyToken, nowMs: number): Promise<RaiseOutcome> {
    return (await this.#within(() => this.#raise(token, nowMs))) ?? 'unavailable'
  }

  async #raise(token: ConsistencyToken, nowMs: number): Promise<RaiseOutcome> {
    const { redis, keys, prefix } = this.#options
    const key = storeKey(prefix, token)
    const text = issueToken(keys, token)
    const value = await this.#send(key, token, text)
    if (value.endsWith(`${text};`)) return 'raised'
    // It gave way to one that may be worth nothing, or run out sooner.
    const { high, lost } = readStored(keys, value, this.#reader(token, nowMs))
    const unsound = high.kind === 'expired' || high.kind === 'refused' || lost.kind === 'refused'
    const shorter = token.position && high.kind === 'valid' && high.token.issuedAtMs < token.issuedAtMs
    if (unsound || shorter) {
      // Beside a position of another system, which may be a forged one, the token itself counts as a loss.
      const others = value.endsWith(text) ? [high] : [high, lost]
      const sound = others.flatMap((reading) => (reading.kind === 'valid' ? [reading.token] : []))
      const merged = sound.reduce((one, other) => mergeTokens(one, other), token)
      if (unsound) await this.#drop.run(redis, key, value)
      await this.#send(key, merged, issueToken(keys, merged))
    }
    return unsound || value.includes(text) ? 'raised' : 'kept'
  }

  async #send(key: string, token: ConsistencyToken, text: string): Promise<string> {
    const { redis, ttlMs, clockSkewMs } = this.#options
    // A token from a clock that is ahead is good for so much longer.
    const livesMs = Math.ceil(ttlMs + clockSkewMs)
    return String(await this.#max.run(redis, key, String(livesMs), ...scriptArguments(token, text)))
  }

  /** Nothing where it fails or takes too long; then its outcome is nobody's business any more. */
  async #within<T>(call: () => Promise<T>): Promise<T | undefined> {
    const { timeoutMs, maxPending } = this.#options
    if (this.#pending >= maxPending) return undefined
    this.#pending += 1
    const limit = Promise.withResolvers<undefined>()
    const timer = setTimeout(limit.resolve, timeoutMs, undefined)
    // A client may throw as well as reject.
    const answer = (async () => call())()
      .catch(() => undefined)
      .finally(() => {
        this.#pending -= 1
      })
    try {
      return await Promise.race([answer, limit.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #reader(owner: TokenOwner, nowMs: number): TokenReader {
    const { ttlMs, clockSkewMs } = this.#options
    const clock: TokenClock = { nowMs, ttlMs, clockSkewMs }
    return { tenant: owner.tenant, subject: owner.subject, ...clock }
  }
}

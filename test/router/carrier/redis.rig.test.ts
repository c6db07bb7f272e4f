import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import {
  createTokenStore,
  type TokenStore,
  type TokenStoreOptions,
} from '../../../src/router/carrier/redis.ts'
import { storeKey } from '../../../src/router/carrier/stored-tokens.ts'
import type { ConsistencyToken } from '../../../src/router/token/consistency-token.ts'
import { issueToken } from '../../../src/router/token/sign.ts'
import { createTokenKeys } from '../../../src/router/token/token-keys.ts'
import { startToxicProxy, type ToxicProxy } from '../../../src/testing/rig/proxy/index.ts'
import { Random } from '../../support/random.ts'
import { at, KEY_TWO, KEYS, NOW_MS, SKEW_MS, TTL_MS, token } from '../token/tokens.ts'

const SEED = Number(process.env.LEASEHOLD_TEST_SEED ?? 20_261_122)
const PREFIX = 'test:token'
const OWNER = { tenant: 'clinic', subject: 'nurse' }
const KEY = storeKey(PREFIX, OWNER)

describe('the store of tokens in Redis', () => {
  let redis: Redis
  let store: TokenStore

  const makeStore = (options: Partial<TokenStoreOptions> = {}) =>
    createTokenStore({
      redis,
      keys: KEYS,
      prefix: PREFIX,
      ttlMs: TTL_MS,
      clockSkewMs: SKEW_MS,
      timeoutMs: 5_000,
      ...options,
    })
  const raise = (parts: Partial<ConsistencyToken>, nowMs = NOW_MS) => store.raise(token(parts), nowMs)
  const readAt = (nowMs = NOW_MS) => store.read(OWNER, nowMs)
  const valid = (parts: Partial<ConsistencyToken>) => ({ kind: 'valid', token: token(parts) })
  const stored = async () => (await redis.get(KEY)) ?? ''

  beforeAll(async () => {
    const server = inject('rig').redis
    if (!server) throw new Error('The rig has no Redis.')
    redis = new Redis({ ...server, lazyConnect: true })
    await redis.connect()
  })
  beforeEach(async () => {
    await redis.del(KEY)
    store = makeStore()
  })
  afterAll(() => redis.disconnect())

  it('has nothing at first, and then what was raised, for this reader only', async () => {
    expect(await readAt()).toEqual({ kind: 'absent' })
    expect(await raise({ position: at(7n) })).toBe('raised')
    expect(await readAt()).toEqual(valid({ position: at(7n) }))
    expect(await store.read({ tenant: 'clinic', subject: 'other' }, NOW_MS)).toEqual({ kind: 'absent' })
    expect(await store.read({ tenant: 'clini', subject: 'cnurse' }, NOW_MS)).toEqual({ kind: 'absent' })
  })

  it('shows neither tenant nor subject to who looks into Redis', async () => {
    await raise({ position: at(7n) })
    expect(`${KEY} ${await stored()}`).not.toMatch(/clinic|nurse/)
  })

  it('works on a Redis that has lost its scripts', async () => {
    await raise({ position: at(7n) })
    await redis.script('FLUSH')
    expect(await raise({ position: at(8n) })).toBe('raised')
    expect(await readAt()).toEqual(valid({ position: at(8n) }))
  })

  it('ends at the maximum of 1,000 raises at once, out of order', { timeout: 20_000 }, async () => {
    const random = new Random(SEED)
    // Crosses a power of ten, of two and of 16, so that no wrong order of digits goes unseen.
    const lsns = Array.from({ length: 1_000 }, (_, index) => 0xff_ffff_fe00n + BigInt(index))
    const shuffled = lsns.map((lsn) => ({ lsn, place: random.below(1e9) })).sort((a, b) => a.place - b.place)
    const outcomes = await Promise.all(shuffled.map(({ lsn }) => raise({ position: at(lsn) })))
    expect(new Set(outcomes)).toEqual(new Set(['raised', 'kept']))
    expect(await readAt()).toEqual(valid({ position: at(lsns.at(-1) ?? 0n) }))
  })

  it.each<[string, ReturnType<typeof at>, ReturnType<typeof at>]>([
    ['a higher LSN', at(9n), at(10n)],
    ['an LSN of more digits', at(99_999n), at(100_000n)],
    ['a newer timeline', at(500n, { timeline: 9 }), at(5n, { timeline: 10 })],
    ['the highest LSN there can be', at(2n ** 63n), at(2n ** 64n - 1n)],
  ])('never goes back from %s', async (_what, low, high) => {
    for (const [first, second] of [
      [low, high],
      [high, low],
    ] as const) {
      await redis.del(KEY)
      await raise({ position: first })
      await raise({ position: second })
      expect(await readAt()).toEqual(valid({ position: high }))
    }
  })

  it('keeps the maximum for as long as the youngest token that it stands for', async () => {
    const later = NOW_MS + 20_000
    await raise({ position: at(9n) })
    expect(await raise({ position: at(5n), issuedAtMs: later }, later)).toBe('kept')
    expect(await readAt(later + TTL_MS - 1)).toEqual(valid({ position: at(9n), issuedAtMs: later }))
    await raise({ position: at(9n), issuedAtMs: later + 5 }, later)
    expect(await readAt(later)).toEqual(valid({ position: at(9n), issuedAtMs: later + 5 }))
    expect(await readAt(later + TTL_MS + 5)).toEqual({ kind: 'expired' })
  })

  it('is not held down by a maximum that has expired', async () => {
    const later = NOW_MS + TTL_MS
    await raise({ position: at(9n) })
    expect(await raise({ position: at(5n), issuedAtMs: later }, later)).toBe('raised')
    expect(await readAt(later)).toEqual(valid({ position: at(5n), issuedAtMs: later }))
  })

  it('keeps a loss beside the position, for as long as the loss lives', async () => {
    const later = NOW_MS + 20_000
    await raise({ position: undefined })
    await raise({ position: at(9n), issuedAtMs: later }, later)
    await raise({ position: undefined, issuedAtMs: NOW_MS - 1 }, later)
    expect(await readAt(later)).toEqual(valid({ position: at(9n), issuedAtMs: later, lostAtMs: NOW_MS }))
    expect(await readAt(NOW_MS + TTL_MS)).toEqual(valid({ position: at(9n), issuedAtMs: later }))
  })

  it('keeps both parts of a token that has both', async () => {
    const parts = { position: at(9n), lostAtMs: NOW_MS - 5 }
    await raise(parts)
    expect(await readAt()).toEqual(valid(parts))
  })

  it.each([1, -1])('of two systems takes the later token, and the other for a loss (%i)', async (order) => {
    const old = { position: at(500n), issuedAtMs: NOW_MS - 10 }
    const moved = { position: at(5n, { systemId: '-1' }) }
    for (const parts of order > 0 ? [old, moved] : [moved, old]) await raise(parts)
    expect(await readAt()).toEqual(valid({ ...moved, lostAtMs: NOW_MS - 10 }))
  })

  it('lets Redis forget a reader once nothing of its tokens is left', async () => {
    await raise({ position: at(9n) })
    const first = await redis.pttl(KEY)
    expect(first).toBeGreaterThan(TTL_MS)
    expect(first).toBeLessThanOrEqual(TTL_MS + SKEW_MS)
    await redis.pexpire(KEY, 1_000)
    await raise({ position: at(8n) })
    expect(await redis.pttl(KEY)).toBeLessThanOrEqual(1_000)
    await raise({ position: at(10n) })
    expect(await redis.pttl(KEY)).toBeGreaterThan(TTL_MS)
  })

  describe('that somebody else can write to', () => {
    const high = (prefix: string, text: string) => `${prefix}${text};`
    const refusedAs = (why: string) => ({ kind: 'refused', why })
    let honest: string

    beforeEach(async () => {
      await raise({ position: at(9n) })
      honest = await stored()
    })

    it.each<[string, () => string, string]>([
      [
        'a prefix that is higher than the token',
        () => `${honest.slice(0, 64)}9${honest.slice(65)}`,
        'malformed',
      ],
      ['a prefix that is lower than the token', () => honest.replace(/9{1}(?=\d{15})/, '0'), 'malformed'],
      [
        'the token of another reader',
        () => high(honest.slice(0, 65), issueToken(KEYS, token({ subject: 'x' }))),
        'subject',
      ],
      [
        'a token that is signed with another key',
        () => high(honest.slice(0, 65), issueToken(createTokenKeys([KEY_TWO]), token())),
        'unknown-key',
      ],
      [
        'a loss behind a time that is not its own',
        () => `;${'9'.repeat(15)}${issueToken(KEYS, token())}`,
        'malformed',
      ],
      ['a loss beside an honest position', () => `${honest}${'9'.repeat(103)}`, 'malformed'],
      ['a loss from the future', () => `;${issueFuture()}`, 'future'],
      ['nothing that it knows', () => 'x', 'malformed'],
      ['an empty text', () => '', 'malformed'],
      ['a megabyte', () => 'x'.repeat(1_000_000), 'malformed'],
    ])('refuses %s, and is sound again with the next raise', async (_what, forge, why) => {
      const forged = forge()
      expect(forged).not.toBe(honest)
      await redis.set(KEY, forged)
      expect(await readAt()).toEqual(refusedAs(why))
      await raise({ position: at(4n) })
      const after = await readAt()
      expect(after.kind).toBe('valid')
      if (after.kind === 'valid') expect(after.token.position?.lsn).toBeGreaterThanOrEqual(4n)
    })

    it('does without one that is of another type', async () => {
      await redis.del(KEY)
      await redis.lpush(KEY, 'x')
      expect(await readAt()).toEqual({ kind: 'unavailable' })
      expect(await raise({ position: at(10n) })).toBe('unavailable')
    })

    const issueFuture = () => {
      const issuedAtMs = NOW_MS + 1e9
      return `${String(issuedAtMs).padStart(15, '0')}${issueToken(KEYS, token({ issuedAtMs, position: undefined }))}`
    }
  })

  it('does not throw away what somebody else has stored while it found something bad', async () => {
    await redis.set(KEY, `${'9'.repeat(65)}bad;`)
    const slow = makeStore({
      redis: {
        get: (key) => redis.get(key),
        eval: (...args) => redis.eval(...args),
        evalsha: async (sha1, count, ...args) => {
          // The one with key and value only throws away.
          if (args.length === 2) {
            await redis.del(KEY)
            await raise({ position: at(50n) })
          }
          return redis.evalsha(sha1, count, ...args)
        },
      },
    })
    await slow.raise(token({ position: at(4n) }), NOW_MS)
    expect(await readAt()).toEqual(valid({ position: at(50n) }))
  })

  it('can be asked any number of times, one after the other', async () => {
    store = makeStore({ maxPending: 1 })
    for (let times = 1n; times < 5n; times += 1n) {
      expect(await raise({ position: at(times) })).toBe('raised')
      expect(await readAt()).toEqual(valid({ position: at(times) }))
    }
  })

  it.each<[string, Partial<TokenStoreOptions>]>([
    ['no time to live', { ttlMs: 0 }],
    ['no limit', { timeoutMs: Number.POSITIVE_INFINITY }],
    ['clocks that differ by less than nothing', { clockSkewMs: -1 }],
    ['nothing on its way', { maxPending: 0 }],
  ])('is not made with %s', (_what, options) => {
    expect(() => makeStore(options)).toThrow(ConfigError)
  })
})

describe('the store of tokens, on a Redis that is', () => {
  const TIMEOUT_MS = 60
  /** Of a busy machine, beside the limit. */
  const SLACK_MS = 250
  let proxy: ToxicProxy
  let redis: Redis
  let store: TokenStore

  const connect = (options: { enableOfflineQueue: boolean }) => {
    const client = new Redis({
      ...{ host: proxy.host, port: proxy.port },
      ...{ lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null, ...options },
    })
    client.on('error', () => {})
    return client
  }
  const makeStore = (client: Redis, maxPending = 2_000) =>
    createTokenStore({
      redis: client,
      keys: KEYS,
      prefix: PREFIX,
      ttlMs: TTL_MS,
      timeoutMs: TIMEOUT_MS,
      maxPending,
    })
  /** What read and raise came to, each within the limit. */
  const tryBoth = async () => {
    const timed = async <T>(call: () => Promise<T>) => {
      const startedAt = performance.now()
      const outcome = await call()
      expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS + SLACK_MS)
      return outcome
    }
    const { kind } = await timed(() => store.read(OWNER, NOW_MS))
    return [kind, await timed(() => store.raise(token({ position: at(9n) }), NOW_MS))]
  }
  const UNAVAILABLE = ['unavailable', 'unavailable']

  beforeAll(async () => {
    const target = inject('rig').redis
    if (!target) throw new Error('The rig has no Redis.')
    proxy = await startToxicProxy({ target })
  })
  beforeEach(async () => {
    redis = connect({ enableOfflineQueue: false })
    await redis.connect()
    store = makeStore(redis)
    await redis.del(KEY)
    expect(await tryBoth()).toEqual(['absent', 'raised'])
  })
  afterEach(() => {
    proxy.clearToxics()
    redis.disconnect()
  })
  afterAll(() => proxy.close())

  const comesBack = async () => {
    proxy.clearToxics()
    await expect
      .poll(() => store.read(OWNER, NOW_MS).then(({ kind }) => kind), { timeout: 5_000 })
      .toBe('valid')
  }

  it('slow, is done without in time, and used again when it is quick again', async () => {
    proxy.latency(400)
    expect(await tryBoth()).toEqual(UNAVAILABLE)
    await comesBack()
  })

  it('a little slow, is waited for', async () => {
    proxy.latency({ downMs: 10 })
    expect(await tryBoth()).toEqual(['valid', 'raised'])
  })

  it('cut off, is done without', async () => {
    proxy.refuse(true)
    proxy.resetAll()
    for (let times = 0; times < 5; times += 1) expect(await tryBoth()).toEqual(UNAVAILABLE)
    await comesBack()
  })

  it('a black hole, is done without, also by a client that holds commands back', async () => {
    const patient = connect({ enableOfflineQueue: true })
    proxy.blackHole(true)
    expect(await tryBoth()).toEqual(UNAVAILABLE)
    store = makeStore(patient)
    expect(await tryBoth()).toEqual(UNAVAILABLE)
    patient.disconnect()
  })

  it('a black hole, is sent no more than it may owe answers to', async () => {
    store = makeStore(redis, 10)
    proxy.blackHole('down')
    const startedAt = performance.now()
    const kinds = await Promise.all(Array.from({ length: 500 }, () => store.read(OWNER, NOW_MS)))
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['unavailable']))
    const again = performance.now()
    expect((await store.read(OWNER, NOW_MS)).kind).toBe('unavailable')
    expect(performance.now() - again).toBeLessThan(TIMEOUT_MS - 10)
    expect(again - startedAt).toBeLessThan(TIMEOUT_MS + SLACK_MS)
    redis.disconnect()
    await expect.poll(() => store.raise(token(), NOW_MS)).toBe('unavailable')
  })

  it('gone with its client, is done without', async () => {
    redis.disconnect()
    expect(await tryBoth()).toEqual(UNAVAILABLE)
  })
})

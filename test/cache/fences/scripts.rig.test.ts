import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFence } from '../../../src/cache/fences/fence-value.ts'
import type { FencedKeys } from '../../../src/cache/fences/fenced-keys.ts'
import type { Fences } from '../../../src/cache/fences/fences.ts'
import { judge } from '../../../src/cache/fences/judge.ts'
import { EVIDENCE, entry, fill, keysOf, leaseOf, openFences, rigRedis, storeOf, unique } from './fenced.ts'

describe('the scripts of the fences', () => {
  let fences: Fences
  let redis: Redis
  beforeAll(async () => {
    fences = await openFences()
    redis = new Redis({ ...rigRedis() })
  })
  afterAll(async () => {
    await fences.close()
    redis.disconnect()
  })

  const begin = (keys: FencedKeys, token: string, pendingMs = 60_000) =>
    fences.begin(keys.fences, { token, pendingMs, evidence: EVIDENCE })
  const commit = (keys: FencedKeys, token: string, lsn: bigint | undefined) =>
    fences.finish(keys.fences, { token, end: { outcome: 'committed', lsn } })
  const abort = (keys: FencedKeys, token: string) =>
    fences.finish(keys.fences, { token, end: { outcome: 'aborted' } })
  const judged = async (keys: FencedKeys, gens: readonly string[]) => judge(await fences.read(keys), gens)
  const fenceAt = async (keys: FencedKeys, index: number) => {
    const text = await redis.get(keys.fences[index] ?? '')
    return text === null ? undefined : readFence(text)
  }
  const floors = (keys: FencedKeys) =>
    Promise.all(keys.fences.map(async (_, index) => (await fenceAt(keys, index))?.floor))

  describe('lease', () => {
    it('makes fences that are missing, whose floors nobody knows, with a time to live', async () => {
      const keys = keysOf()
      const { gens, floors: given } = await leaseOf(fences, keys)
      const epoch = fences.epoch()
      expect(given).toEqual([undefined, undefined])
      expect(new Set(gens).size).toBe(2)
      for (const [index, gen] of gens.entries()) {
        expect(gen).toMatch(/^[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16}$/)
        expect(gen.startsWith(`${epoch}.`)).toBe(true)
        expect(await fenceAt(keys, index)).toEqual({ gen, floor: undefined, marks: [] })
        expect(await redis.pttl(keys.fences[index] ?? '')).toBeGreaterThan(86_400_000)
      }
    })

    it('is given to one of many at once; the others are told how long to wait', async () => {
      const keys = keysOf()
      const asked = Array.from({ length: 200 }, () => fences.lease(keys, { token: unique(), leaseMs: 5_000 }))
      const answers = await Promise.all(asked)
      expect(answers.filter(({ kind }) => kind === 'load')).toHaveLength(1)
      for (const answer of answers) {
        if (answer.kind === 'load') continue
        expect(answer).toEqual({ kind: 'wait', remainingMs: expect.any(Number) })
        if (answer.kind === 'wait') expect(answer.remainingMs).toBeGreaterThan(0)
        if (answer.kind === 'wait') expect(answer.remainingMs).toBeLessThanOrEqual(5_000)
      }
    })

    it('is given again to who has it, and to another once it is over', async () => {
      const keys = keysOf()
      const first = await fences.lease(keys, { token: 'one', leaseMs: 60 })
      expect((await fences.lease(keys, { token: 'one', leaseMs: 60 })).kind).toBe('load')
      expect((await fences.lease(keys, { token: 'two', leaseMs: 60 })).kind).toBe('wait')
      await sleep(80)
      const later = await fences.lease(keys, { token: 'two', leaseMs: 60 })
      if (first.kind !== 'load' || later.kind !== 'load') throw new Error('not given')
      expect(BigInt(later.ordinal) - BigInt(first.ordinal)).toBeGreaterThan(60_000n)
      expect(later.gens).toEqual(first.gens)
    })

    it('gives the entry that is valid by now', async () => {
      const keys = keysOf()
      const load = await fill(fences, keys)
      const answer = await fences.lease(keys, { token: 'two', leaseMs: 5_000 })
      if (answer.kind !== 'hit') throw new Error(answer.kind)
      expect(answer.reading.value).toEqual(entry(load, 'payload'))
      expect(judge(answer.reading, load.gens)).toBe('holds')
    })

    it('lets a refresh load although there is a valid entry, unless that is of a later lease', async () => {
      const keys = keysOf()
      const { ordinal } = await fill(fences, keys)
      const ask = (options: { isRefresh?: boolean; newerThan?: string }) =>
        fences.lease(keys, { token: 'two', leaseMs: 5_000, ...options })
      expect((await ask({ newerThan: String(BigInt(ordinal) - 1n) })).kind).toBe('hit')
      expect((await ask({ newerThan: ordinal })).kind).toBe('load')
      expect((await ask({ isRefresh: true })).kind).toBe('load')
    })

    it('is not given while a transaction is pending, whoever else holds it, and says on which fences', async () => {
      const keys = keysOf()
      await fill(fences, keys)
      await fences.begin([keys.fences[1] ?? ''], { token: 'tx', pendingMs: 60_000, evidence: EVIDENCE })
      const answer = await fences.lease(keys, { token: 'two', leaseMs: 5_000 })
      expect(answer).toEqual({ kind: 'pending', pending: [keys.fences[1]] })
    })

    it('makes a fence of another epoch anew, and keeps its marks', async () => {
      const keys = keysOf()
      await begin(keys, 'tx')
      const [key = ''] = keys.fences
      const foreign = (await redis.get(key))
        ?.replace(/^[^.]+/, 'another-epoch')
        .replace('|?|', '|00000000000000FF|')
      await redis.set(key, foreign ?? '')
      expect(await judged(keys, [])).toBe('overwritten')
      expect(await fences.lease(keys, { token: 'two', leaseMs: 5_000 })).toMatchObject({ kind: 'pending' })
      const fence = await fenceAt(keys, 0)
      expect(fence?.gen.startsWith(`${fences.epoch()}.`)).toBe(true)
      expect(fence).toMatchObject({ floor: undefined, marks: [{ token: 'tx' }] })
    })
  })

  describe('store', () => {
    it('stores what the primary gave, frees the lease and learns floors that nobody knew', async () => {
      const keys = keysOf()
      const load = await fill(fences, keys, { lsn: 0x1_0000_00ffn })
      expect(await redis.getBuffer(keys.value)).toEqual(entry(load, 'payload'))
      expect(await redis.pttl(keys.value)).toBeGreaterThan(50_000)
      expect(await redis.exists(keys.lease)).toBe(0)
      expect(await floors(keys)).toEqual([0x1_0000_00ffn, 0x1_0000_00ffn])
      expect(await judged(keys, load.gens)).toBe('holds')
    })

    it('does not take a position that the primary did not say for one', async () => {
      const keys = keysOf()
      await fill(fences, keys, { lsn: undefined })
      expect(await floors(keys)).toEqual([undefined, undefined])
    })

    it('leaves a lease alone that has passed to another', async () => {
      const keys = keysOf()
      const load = await leaseOf(fences, keys, 'one')
      await redis.set(keys.lease, 'two')
      expect(await storeOf(fences, keys, load, { token: 'one' })).toBe('stored')
      expect(await redis.get(keys.lease)).toBe('two')
    })

    it('keeps bytes as they are', async () => {
      const keys = keysOf()
      const token = unique()
      const load = await leaseOf(fences, keys, token)
      const value = Buffer.concat([entry(load, ''), Buffer.from(Array.from({ length: 256 }, (_, i) => i))])
      await fences.store(keys, { token, ...load, source: 'primary', lsn: 1n, ttlMs: 1_000, value })
      expect((await fences.read(keys)).value).toEqual(value)
    })

    it.each(['begin', 'finish', 'flush', 'loss'])('refuses what was loaded before a %s', async (what) => {
      const keys = keysOf()
      const load = await leaseOf(fences, keys, 'one')
      if (what === 'begin') await begin(keys, 'tx')
      if (what === 'finish') await commit(keys, 'tx', 5n)
      if (what === 'flush') await fences.bump([keys.fences[1] ?? ''])
      if (what === 'loss') await redis.del(keys.fences[1] ?? '')
      expect(await storeOf(fences, keys, load, { token: 'one' })).toBe('gen')
      expect(await redis.exists(keys.value, keys.lease)).toBe(0)
    })

    it('refuses what is pending, even if the generation were the same', async () => {
      const keys = keysOf()
      await begin(keys, 'tx')
      const gens = await Promise.all(
        keys.fences.map(async (_, index) => (await fenceAt(keys, index))?.gen ?? ''),
      )
      const load = { kind: 'load' as const, gens, floors: [], ordinal: '1' }
      expect(await storeOf(fences, keys, load)).toBe('pending')
    })

    it('takes what a replica gave only from the highest floor on', async () => {
      const keys = keysOf()
      await fill(fences, keys, { lsn: 0xff_ffff_ffffn })
      await commit({ ...keys, fences: keys.fences.slice(1) }, 'tx', 0x1aa_0000_0000n)
      const at = async (lsn: bigint | undefined) =>
        storeOf(fences, keys, await leaseOf(fences, keys, 'one'), { token: 'one', source: 'replica', lsn })
      expect(await at(0x1a9_ffff_ffffn)).toBe('lsn')
      expect(await at(0xff_ffff_ffffn)).toBe('lsn')
      expect(await at(undefined)).toBe('lsn')
      expect(await at(0x1aa_0000_0000n)).toBe('stored')
    })

    it('takes nothing of a replica where a floor is not known, and does not learn it from one', async () => {
      const keys = keysOf()
      const load = await leaseOf(fences, keys, 'one')
      expect(await storeOf(fences, keys, load, { token: 'one', source: 'replica', lsn: 2n ** 60n })).toBe(
        'lsn',
      )
      expect(await floors(keys)).toEqual([undefined, undefined])
    })

    it('keeps what a later lease has loaded, but not of generations that are gone', async () => {
      const keys = keysOf()
      const one = await leaseOf(fences, keys, 'one')
      await redis.del(keys.lease)
      const two = await fill(fences, keys, { payload: 'later' })
      expect(await storeOf(fences, keys, one, { token: 'one' })).toBe('newer')
      expect(await redis.getBuffer(keys.value)).toEqual(entry(two, 'later'))
      await fences.bump(keys.fences)
      await redis.set(keys.value, entry({ gens: two.gens, ordinal: '9999999999999999' }, 'dead'))
      await fill(fences, keys, { payload: 'alive' })
      expect((await redis.get(keys.value))?.endsWith('alive')).toBe(true)
    })
  })

  describe('begin and finish', () => {
    it('make what was stored invalid, and stay so until all that began have ended', async () => {
      const keys = keysOf()
      const { gens } = await fill(fences, keys, { lsn: 7n })
      await begin(keys, 'one')
      expect(await judged(keys, gens)).toBe('pending')
      await begin(keys, 'two')
      await commit(keys, 'one', 9n)
      const reading = await fences.read(keys)
      expect(reading).toMatchObject({ isPending: true, pending: keys.fences })
      await abort(keys, 'two')
      expect(await judged(keys, gens)).toBe('overwritten')
      expect((await fences.read(keys)).isPending).toBe(false)
      expect(await floors(keys)).toEqual([9n, 9n])
    })

    it('never lower a floor, in whatever order transactions end', async () => {
      const keys = keysOf()
      await fill(fences, keys, { lsn: 7n })
      for (const lsn of [0x1_0000_0000n, 0xffff_ffffn, 0x1_0000_0001n, 3n]) await commit(keys, 'tx', lsn)
      expect(await floors(keys)).toEqual([0x1_0000_0001n, 0x1_0000_0001n])
      await abort(keys, 'tx')
      expect(await floors(keys)).toEqual([0x1_0000_0001n, 0x1_0000_0001n])
    })

    it('forget a floor where nobody knows the position, until the primary says it', async () => {
      const keys = keysOf()
      await fill(fences, keys, { lsn: 7n })
      await commit(keys, 'one', undefined)
      expect(await floors(keys)).toEqual([undefined, undefined])
      await commit(keys, 'two', 9n)
      expect(await floors(keys)).toEqual([undefined, undefined])
      await fill(fences, keys, { lsn: 11n })
      expect(await floors(keys)).toEqual([11n, 11n])
    })

    it('can be repeated', async () => {
      const keys = keysOf()
      await begin(keys, 'tx')
      await begin(keys, 'tx')
      expect((await fenceAt(keys, 0))?.marks).toHaveLength(1)
      await commit(keys, 'tx', 9n)
      await commit(keys, 'tx', 9n)
      expect(await fenceAt(keys, 0)).toMatchObject({ marks: [] })
    })

    it('make a missing fence, whose floor nobody knows', async () => {
      const keys = keysOf()
      await commit(keys, 'tx', 9n)
      expect(await floors(keys)).toEqual([undefined, undefined])
    })

    it('give a generation at each of them that no fence has had before', async () => {
      const keys = keysOf()
      const seen = new Set<string | undefined>()
      for (let round = 0; round < 5; round += 1) {
        await begin(keys, 'tx')
        seen.add((await fenceAt(keys, 0))?.gen).add((await fenceAt(keys, 1))?.gen)
        await commit(keys, 'tx', 1n)
        seen.add((await fenceAt(keys, 0))?.gen).add((await fenceAt(keys, 1))?.gen)
      }
      expect(seen.size).toBe(20)
    })

    it('leave no mark and no wrong floor behind, however many race', async () => {
      const keys = keysOf()
      await fill(fences, keys, { lsn: 1n })
      const lsns = Array.from({ length: 150 }, (_, index) => 0xffff_ff80n + BigInt((index * 37) % 256))
      await Promise.all(
        lsns.map(async (lsn, index) => {
          await begin(keys, `t${index}`)
          if (index % 3 === 0) await abort(keys, `t${index}`)
          else await commit(keys, `t${index}`, lsn)
        }),
      )
      const highest = lsns.filter((_, index) => index % 3 !== 0).reduce((a, b) => (a > b ? a : b))
      expect(await fenceAt(keys, 0)).toMatchObject({ floor: highest, marks: [] })
    })

    it('keep a value from being served that was read before and stored after, in every order of a race', async () => {
      for (let round = 0; round < 60; round += 1) {
        const keys = keysOf()
        let committed = 0
        const write = async () => {
          await begin(keys, 'tx')
          if (round % 2) await sleep(0)
          committed = 1
          await commit(keys, 'tx', 500n)
        }
        const load = async () => {
          const answer = await fences.lease(keys, { token: 'one', leaseMs: 5_000 })
          if (answer.kind !== 'load') return
          const payload = String(committed)
          if (round % 3) await sleep(0)
          await storeOf(fences, keys, answer, { token: 'one', payload })
        }
        await Promise.all([write(), load()])
        const { value, ...reading } = await fences.read(keys)
        if (!value) continue
        const [gens = '', , , payload] = value.toString().split('\n')
        if (judge(reading, gens.split(',')) === 'holds') expect(payload).toBe('1')
      }
    })
  })

  describe('release', () => {
    it('frees the lease of who has it, and nobody else’s', async () => {
      const keys = keysOf()
      await leaseOf(fences, keys, 'one')
      await fences.release(keys, 'two')
      expect(await redis.get(keys.lease)).toBe('one')
      await fences.release(keys, 'one')
      expect(await redis.exists(keys.lease)).toBe(0)
    })
  })

  describe('claim', () => {
    it('gives marks whose time is over, with their evidence, to one of many who ask', async () => {
      const keys = keysOf()
      const [key = ''] = keys.fences
      await begin(keys, 'early', 1)
      await begin(keys, 'late', 60_000)
      await sleep(20)
      const before = await fenceAt(keys, 0)
      const claimed = await Promise.all(Array.from({ length: 20 }, () => fences.claim(key, 150)))
      expect(claimed.flat()).toEqual([{ token: 'early', evidence: EVIDENCE }])
      const after = await fenceAt(keys, 0)
      expect(after?.gen).toBe(before?.gen)
      expect(after?.marks.map(({ token }) => token)).toEqual(['early', 'late'])
      await sleep(180)
      expect(await fences.claim(key, 150)).toHaveLength(1)
    })

    it('gives nothing where nothing is pending, or there is no fence', async () => {
      const keys = keysOf()
      expect(await fences.claim(keys.fences[0] ?? '', 10)).toEqual([])
      await fill(fences, keys)
      expect(await fences.claim(keys.fences[0] ?? '', 10)).toEqual([])
    })
  })

  it('work after SCRIPT FLUSH, each of them', async () => {
    const keys = keysOf()
    const [key = ''] = keys.fences
    const calls: (() => Promise<unknown>)[] = [
      () => fill(fences, keys),
      () => fences.begin(keys.fences, { token: 'tx', pendingMs: 1, evidence: EVIDENCE }),
      () => fences.claim(key, 1),
      () => commit(keys, 'tx', 1n),
      () => fences.release(keys, 'one'),
    ]
    for (const call of calls) {
      await redis.script('FLUSH')
      await call()
    }
    expect((await fences.read(keys)).isPending).toBe(false)
  })

  it('take care of fences in several slots', async () => {
    const many = Array.from({ length: 20 }, () => keysOf())
    const all = many.flatMap((keys) => keys.fences)
    await fences.begin(all, { token: 'tx', pendingMs: 60_000, evidence: EVIDENCE })
    for (const keys of many) expect((await fences.read(keys)).pending).toEqual(keys.fences)
    await fences.finish(all, { token: 'tx', end: { outcome: 'committed', lsn: 3n } })
    for (const keys of many) expect((await fences.read(keys)).isPending).toBe(false)
  })
})

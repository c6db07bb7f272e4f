import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Breaker } from '../../../src/cache/redis/breaker.ts'
import { readSlots } from '../../../src/cache/redis/cluster-slots.ts'
import { Deadlines, TimeoutError } from '../../../src/cache/redis/deadlines.ts'
import { classifyFailure, UnreadableReplyError } from '../../../src/cache/redis/failure.ts'
import { hashTag, keySlot } from '../../../src/cache/redis/key-slot.ts'
import { readLife } from '../../../src/cache/redis/redis-life.ts'

describe('the breaker', () => {
  it('opens after failures in a row, and is closed by its owner only', () => {
    const breaker = new Breaker(3)
    expect([breaker.fail(), breaker.fail()]).toEqual([false, false])
    breaker.succeed()
    expect([breaker.fail(), breaker.fail(), breaker.fail(), breaker.fail()]).toEqual([
      false,
      false,
      true,
      true,
    ])
    breaker.succeed()
    expect([breaker.isOpen, breaker.opened]).toEqual([true, 1])
    breaker.close()
    expect([breaker.isOpen, breaker.fail()]).toEqual([false, false])
  })
})

describe('a limit', () => {
  it('ends work that takes too long, in the order in which it began, and no other', async () => {
    const deadlines = new Deadlines(40)
    const ended: string[] = []
    const run = (name: string, ms: number) =>
      deadlines.run(sleep(ms, name)).then(
        () => ended.push(name),
        (error: unknown) => ended.push(`${name} ${error instanceof TimeoutError}`),
      )
    const startedAt = performance.now()
    const work = [run('a', 5), run('b', 400), run('c', 5)]
    await sleep(20)
    await Promise.all([...work, run('d', 400)])
    expect(ended).toEqual(['a', 'c', 'b true', 'd true'])
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59)
    expect(performance.now() - startedAt).toBeLessThan(300)
  })

  it('passes on what the work throws', async () => {
    await expect(new Deadlines(100).run(Promise.reject(new Error('own')))).rejects.toThrow('own')
  })

  it('keeps nothing of 10,000 that have ended', async () => {
    const deadlines = new Deadlines(300)
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 1_000 }, (_, index) => deadlines.run(Promise.resolve(index))))
    }
    const late = deadlines.run(sleep(600))
    await expect(late).rejects.toThrow(TimeoutError)
  })
})

describe('a failure', () => {
  const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' })

  it.each([
    ['READONLY You can’t write against a read only replica.', 'not-primary', 'ask'],
    ['LOADING Redis is loading the dataset in memory', 'not-primary', 'ask'],
    ['MOVED 3999 127.0.0.1:6381', 'not-primary', 'ask'],
    ['CLUSTERDOWN Hash slot not served', 'not-primary', 'ask'],
    ['MASTERDOWN Link with MASTER is down', 'not-primary', 'ask'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'not-primary', 'none'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'out-of-memory', 'none'],
    ['ERR Error running script (call to f_1): @user_script:8: READONLY You', 'not-primary', 'ask'],
    ['ERR Error running script (call to f_1): @user_script: 8: OOM command', 'out-of-memory', 'none'],
    ['NOPERM this user has no permissions', 'refused', 'none'],
    ['NOAUTH Authentication required.', 'refused', 'drop'],
    ['BUSY Redis is busy running a script.', 'timeout', 'count'],
    ['WRONGTYPE Operation against a key', 'refused', 'none'],
    ['constructor', 'refused', 'none'],
  ])('of the server: %s', (message, reason, next) => {
    expect(classifyFailure(reply(message))).toEqual({ reason, next })
  })

  it('of the connection, of time and of sense', () => {
    expect(classifyFailure(new Error('READONLY'))).toEqual({ reason: 'disconnected', next: 'drop' })
    expect(classifyFailure('text')).toEqual({ reason: 'disconnected', next: 'drop' })
    expect(classifyFailure(new TimeoutError())).toEqual({ reason: 'timeout', next: 'count' })
    expect(classifyFailure(new UnreadableReplyError())).toEqual({ reason: 'unreadable', next: 'drop' })
  })
})

describe('the life of a server', () => {
  const info = (parts: { run?: string; history?: string; role?: string; loading?: string }) =>
    `# Server\r\nrun_id:${(parts.run ?? 'a').repeat(40)}\r\n# Replication\r\nrole:${parts.role ?? 'master'}\r\n` +
    `master_replid:${(parts.history ?? 'b').repeat(40)}\r\nmaster_replid2:${'c'.repeat(40)}\r\n` +
    `# Persistence\r\nloading:${parts.loading ?? '0'}\r\nasync_loading:0\r\n`

  it('differs for each start, each promotion and each database', () => {
    const lives = [info({}), info({ run: 'd' }), info({ history: 'd' }), info({ run: 'b', history: 'a' })]
    const ids = [...lives.map((text) => readLife(text, 0)?.id), readLife(info({}), 1)?.id]
    expect(new Set(ids).size).toBe(5)
    expect(readLife(info({}), 0)).toEqual({
      id: expect.stringMatching(/^[\w-]{16}$/),
      isUsable: true,
      isReplica: false,
    })
    expect(readLife(info({ loading: '1' }), 0)?.id).toBe(ids[0])
  })

  it('is of use only in a primary that has its data', () => {
    expect(readLife(info({ role: 'slave' }), 0)).toMatchObject({ isUsable: false, isReplica: true })
    expect(readLife(info({ loading: '1' }), 0)).toMatchObject({ isUsable: false, isReplica: false })
  })

  it.each(['', 'OK', info({ run: 'x' }), info({ history: 'x' }), info({ role: 'king' })])(
    'is not in %j',
    (text) => {
      expect(readLife(text, 0)).toBeUndefined()
    },
  )
})

describe('a slot', () => {
  it('is that of the hash tag', () => {
    expect(keySlot('123456789')).toBe(0x31c3 % 16_384)
    expect(hashTag('v:{a|b}:x{c}')).toBe('a|b')
    expect([hashTag('{}a'), hashTag('a'), hashTag('{a'), hashTag('}a{')]).toEqual(['{}a', 'a', '{a', '}a{'])
  })

  it('is in ranges that primaries have', () => {
    const asked = { host: 'asked', port: 1 }
    expect(
      readSlots(
        [
          [0, 5, ['a', 1, 'id'], ['b', 2, 'id']],
          [6, 9, ['', 3]],
          [10, 10, [null, 4]],
        ],
        asked,
      ),
    ).toEqual([
      { first: 0, last: 5, primary: { host: 'a', port: 1 } },
      { first: 6, last: 9, primary: { host: 'asked', port: 3 } },
      { first: 10, last: 10, primary: { host: 'asked', port: 4 } },
    ])
  })

  it.each([
    ['OK'],
    [[1]],
    [[[0, 16_384, ['a', 1]]]],
    [[[5, 4, ['a', 1]]]],
    [[['__proto__', 1, ['a', 1]]]],
    [[[0, 1, 'a']]],
    [[[0, 1, ['a', 'x']]]],
  ])('is not in %j', (reply) => {
    expect(() => readSlots(reply, { host: 'asked', port: 1 })).toThrow('CLUSTER SLOTS')
  })
})

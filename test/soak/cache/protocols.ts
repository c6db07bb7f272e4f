import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { parseLsn } from '../../../src/router/token/wal-position.ts'
import type { OpenCache } from './cache-under-test.ts'
import { openLeaseholdCache } from './leasehold-cache.ts'
import { keep, naiveCache } from './naive-cache.ts'

const del = (redis: Redis, key: string) => redis.del(key)
const LEASE_MS = 5_000
/** Shorter than a replica may lag: a mark that simply runs out is no mark. */
const PENDING_MS = 100

const STORE_IF_LEASED = `if redis.call('get', KEYS[2]) == ARGV[1] then
  redis.call('del', KEYS[2]) return redis.call('set', KEYS[1], ARGV[2], 'PX', 60000) end`
/** Positions as digits of equal number, which sort as they count. */
const STORE_IF_REACHED = `if redis.call('get', KEYS[3]) then return 0 end
  if ARGV[1] >= (redis.call('get', KEYS[2]) or '') then return redis.call('set', KEYS[1], ARGV[2], 'PX', 60000) end`
const RAISE_FLOOR = `if (redis.call('get', KEYS[2]) or '') < ARGV[1] then redis.call('set', KEYS[2], ARGV[1]) end
  return redis.call('del', KEYS[1], KEYS[3])`

const digits = (lsn: string) => parseLsn(lsn).toString(16).padStart(16, '0')
const floorKeys = (key: string) => [key, `${key}:floor`, `${key}:pending`] as const

/** What is soaked, by its name: the cache, and five protocols that each lack something. */
export const PROTOCOLS: Readonly<Record<string, OpenCache>> = {
  leasehold: openLeaseholdCache,
  'delete after commit': naiveCache({ store: keep, afterCommit: del }),
  'delete before and after commit': naiveCache({ store: keep, beforeCommit: del, afterCommit: del }),
  'lease token': naiveCache({
    lease: async (redis, key) => {
      const token = randomBytes(8).toString('hex')
      const granted = await redis.set(`${key}:lease`, token, 'PX', LEASE_MS, 'NX')
      return granted ? token : undefined
    },
    store: (redis, key, { version }, token) =>
      redis.eval(STORE_IF_LEASED, 2, key, `${key}:lease`, token, String(version)),
    afterCommit: (redis, key) => redis.del(key, `${key}:lease`),
  }),
  'floor of the log': naiveCache({
    store: (redis, key, { version, lsn }) =>
      redis.eval(STORE_IF_REACHED, 3, ...floorKeys(key), digits(lsn), String(version)),
    afterCommit: (redis, key, lsn) => redis.eval(RAISE_FLOOR, 3, ...floorKeys(key), digits(lsn)),
  }),
  'mark that runs out': naiveCache({
    store: (redis, key, { version, lsn }) =>
      redis.eval(STORE_IF_REACHED, 3, ...floorKeys(key), digits(lsn), String(version)),
    beforeCommit: (redis, key) => redis.multi().set(`${key}:pending`, '1', 'PX', PENDING_MS).del(key).exec(),
    afterCommit: (redis, key, lsn) => redis.eval(RAISE_FLOOR, 3, ...floorKeys(key), digits(lsn)),
  }),
}

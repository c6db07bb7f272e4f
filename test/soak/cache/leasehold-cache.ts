import { Fences } from '../../../src/cache/fences/fences.ts'
import { createCache } from '../../../src/cache/index.ts'
import type { TenantId } from '../../../src/context/tenant-id.ts'
import type { CacheUnderTest, CrashPoint, OpenCache } from './cache-under-test.ts'
import { openDatabase } from './open-database.ts'

const READ = 'select version from cached_counters where key = $1'
const RAISE = 'update cached_counters set version = version + 1 where key = $1 returning version'

class RolledBack extends Error {}

/** The cache itself, in front of a primary and replicas that lag. */
export const openLeaseholdCache: OpenCache = async (places, crash) => {
  plantCrashes(crash)
  const db = openDatabase(places)
  const cache = await createCache({
    db,
    redis: places.redis,
    prefix: 'soak:',
    pendingMs: 50,
    loads: { queueMs: 5_000 },
  })
  const counters = cache.define('counters', {
    key: (key: number) => [key],
    tables: ['cached_counters'],
    tags: (key) => [`counter:${key}`],
    vary: 'tenant',
    ttlMs: 60_000,
    load: async (tx, key) => (await tx.query<{ version: number }>(READ, [key])).rows[0]?.version ?? 0,
  })
  const underTest: CacheUnderTest = {
    get: (tenant, key) => counters.getFor({ tenant: tenant as TenantId }, key),
    write: async (tenant, key, rollBack) => {
      try {
        return await db.withTenant(tenant as TenantId, async (tx) => {
          const { rows } = await tx.query<{ version: number }>(RAISE, [key])
          cache.invalidate(tx, `counter:${key}`)
          if (rollBack) throw new RolledBack()
          return rows[0]?.version
        })
      } catch (error) {
        if (error instanceof RolledBack) return undefined
        throw error
      }
    },
    hits: () => cache.snapshot().definitions.counters?.hits ?? 0,
    [Symbol.asyncDispose]: async () => {
      await cache.close()
      await db.close()
    },
  }
  return underTest
}

type Step = readonly [
  name: 'lease' | 'store' | 'begin' | 'finish',
  before: CrashPoint | undefined,
  after: CrashPoint,
]

/** Has every step of the protocol pass by the points at which a process can be killed. */
function plantCrashes(crash: (point: CrashPoint) => void): void {
  const steps: readonly Step[] = [
    ['lease', undefined, 'after lease'],
    ['store', 'before store', 'after store'],
    ['begin', undefined, 'after begin'],
    ['finish', 'before finish', 'after finish'],
  ]
  for (const [step, before, after] of steps) {
    const real = Fences.prototype[step] as (...args: unknown[]) => Promise<unknown>
    const planted = async function (this: Fences, ...args: unknown[]) {
      if (before) crash(before)
      const answer = await real.apply(this, args)
      crash(after)
      return answer
    }
    Object.assign(Fences.prototype, { [step]: planted })
  }
}

import type { BreakerOptions } from '../redis/breaker.ts'
import type { CacheRedis } from '../redis/redis-options.ts'
import type { RedisLimits } from '../redis/redis-server.ts'

export interface FencesOptions {
  readonly redis: CacheRedis
  /** Milliseconds that a call takes at most. @default 50 */
  readonly timeoutMs?: number
  readonly breaker?: BreakerOptions
  /** Milliseconds for which a fence is kept after it was last written. @default 2 days */
  readonly fenceTtlMs?: number
  /** Milliseconds between two looks at what a server is: a primary that was demoted keeps its connections. @default 500 */
  readonly pollMs?: number
  /** Milliseconds for connecting. @default 500 */
  readonly connectMs?: number
}

export const DAY_MS = 86_400_000

/** With the defaults filled in. */
export function redisLimits(options: FencesOptions): RedisLimits {
  const { breaker = {}, timeoutMs = 50, pollMs = 500, connectMs = 500 } = options
  const { after: failures = 2, probeMs = 100 } = breaker
  return { timeoutMs, connectMs, pollMs, probeMs, failures }
}

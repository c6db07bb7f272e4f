import { ConfigError } from '../errors/config.ts'
import { isPgPool, type PgPool, type PoolOptions } from '../pool/pg-pool.ts'
import { BALANCE_NAMES, type BalanceName } from './balance/create-balancer.ts'
import { createTokenStore } from './carrier/redis.ts'
import { type HealthRules, healthRules } from './health/health-rules.ts'
import type { TokenRules } from './reader.ts'
import type { RouterOptions } from './router-options.ts'
import { CLOCK_SKEW_MS } from './token/clock-skew.ts'
import { createTokenKeys } from './token/token-keys.ts'

/** Options of a router after every check, with every default filled in. */
export interface RouterRules {
  readonly balance: BalanceName
  readonly az: string | undefined
  readonly tokens: TokenRules
  readonly waitMs: number
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly health: HealthRules
  readonly shedPool: PgPool | PoolOptions | undefined
  readonly maxConcurrent: number
  readonly maxRatio: number
  readonly whenLagging: 'primary' | 'stale' | 'refuse'
  readonly retryRatio: number
  /** For `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number
}

/** Behind the next probe of every server, the state of things may be another. */
const RETRY_AFTER_PROBES = 2

/** @throws {ConfigError} naming the option's path */
export function resolveRouter(options: RouterOptions = {}): RouterRules {
  if (typeof options !== 'object' || options === null)
    throw new ConfigError('options.router must be an object.')
  const { balance = 'round-robin', az, tokens = {}, lag = {}, probe = {}, shed = {} } = options
  if (!BALANCE_NAMES.includes(balance)) {
    throw new ConfigError(`options.router.balance must be one of: ${BALANCE_NAMES.join(', ')}.`)
  }
  const maxMs = among(lag.maxMs, 5_000, 'lag.maxMs', 1, 3_600_000)
  const intervalMs = among(probe.intervalMs, 1_000, 'probe.intervalMs', 10, 60_000)
  const ttlMs = among(tokens.ttlMs, 30_000, 'tokens.ttlMs', 1, 86_400_000)
  // Who comes back with a token that has run out must find its writes on any replica that serves.
  if (ttlMs < maxMs + 3 * intervalMs) {
    throw new ConfigError(
      'options.router.tokens.ttlMs must be longer than a replica may lag and be found out: lag.maxMs + 3 * probe.intervalMs.',
    )
  }
  const { pool } = shed
  if (pool !== undefined && (typeof pool !== 'object' || pool === null)) {
    throw new ConfigError('options.router.shed.pool must be a pg pool configuration, or a pg.Pool.')
  }
  const whenLagging = shed.whenLagging ?? 'primary'
  if (!['primary', 'stale', 'refuse'].includes(whenLagging)) {
    throw new ConfigError("options.router.shed.whenLagging must be 'primary', 'stale' or 'refuse'.")
  }
  return Object.freeze({
    balance,
    az,
    tokens: resolveTokens(tokens, ttlMs),
    waitMs: among(tokens.waitMs, 50, 'tokens.waitMs', 0, 60_000),
    intervalMs,
    timeoutMs: among(probe.timeoutMs, 300, 'probe.timeoutMs', 1, 60_000),
    health: healthRules({
      maxLagMs: maxMs,
      maxLagBytes: among(lag.maxBytes, 16_777_216, 'lag.maxBytes', 1, Number.MAX_SAFE_INTEGER),
      warmUpMs: among(options.warmUpMs, 30_000, 'warmUpMs', 0, 3_600_000),
    }),
    shedPool: pool,
    maxConcurrent: isPgPool(pool)
      ? Number(pool.options?.max ?? 8)
      : among(shed.maxConcurrent, 8, 'shed.maxConcurrent', 1, 1_000),
    maxRatio: among(shed.maxRatio, 0.2, 'shed.maxRatio', 0, 1),
    whenLagging,
    retryRatio: among(options.retryRatio, 0.1, 'retryRatio', 0, 1),
    retryAfterMs: RETRY_AFTER_PROBES * intervalMs,
  })
}

function resolveTokens(
  { keys: secrets, redis }: NonNullable<RouterOptions['tokens']>,
  ttlMs: number,
): TokenRules {
  const keys = secrets && createTokenKeys(secrets)
  if (redis && !keys)
    throw new ConfigError('options.router.tokens.redis needs tokens.keys, to know its own tokens by.')
  const store = redis && keys && createTokenStore({ ...redis, keys, ttlMs })
  return Object.freeze({ keys, ttlMs, clockSkewMs: CLOCK_SKEW_MS, store })
}

/** @throws {ConfigError} unless it is a number in the range */
function among(value: unknown, byDefault: number, path: string, least: number, most: number): number {
  if (value === undefined) return byDefault
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new ConfigError(`options.router.${path} must be a number from ${least} to ${most}.`)
}

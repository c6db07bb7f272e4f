import { ConfigError } from '../errors/config.ts'
import type { CacheOptions } from './cache-options.ts'
import { type CompressOptions, resolveCompress } from './codec/compress.ts'
import { taggedJson } from './codec/tagged-json.ts'
import type { JournalRules } from './journal/journal.ts'
import type { LoadLimitOptions } from './read/load-limits.ts'

const LONGEST_MS = 3_600_000

type Optional = 'breaker' | 'encrypt'

/** Options of a cache, checked and with the defaults filled in. */
export type ResolvedCache = Required<Omit<CacheOptions, Optional | 'compress' | 'journal' | 'loads'>> & {
  readonly [Option in Optional]: CacheOptions[Option] | undefined
} & {
  readonly compress: Required<CompressOptions> | undefined
  readonly journal: JournalRules
  readonly loads: Required<LoadLimitOptions>
}

/** @throws {ConfigError} */
export function resolveCache(options: CacheOptions): ResolvedCache {
  const { redis, prefix = 'leasehold:', groups = ['main'], codec = taggedJson(), breaker } = options
  const { timeoutMs = 50, leaseMs = 5_000, waitMs = 5_000, pendingMs = 250 } = options
  const { perProcess = 16, perTenant = 4, queueMs = 1_000 } = options.loads ?? {}
  if (!redis) throw new ConfigError('options.redis is needed: where Redis is, or a client of ioredis.')
  if (typeof prefix !== 'string' || /[{}]/.test(prefix)) {
    throw new ConfigError('options.prefix must be a text without braces, which choose the slot of a key.')
  }
  if (groups.length === 0 || new Set(groups).size !== groups.length || groups.includes('')) {
    throw new ConfigError('options.groups must be names, each once.')
  }
  for (const [name, ms] of Object.entries({ timeoutMs, leaseMs, waitMs, pendingMs, queueMs })) {
    if (Number.isFinite(ms) && ms >= 1 && ms <= LONGEST_MS) continue
    throw new ConfigError(`options.${name} must be milliseconds, from 1 to ${LONGEST_MS}.`)
  }
  for (const [name, count] of Object.entries({ perProcess, perTenant })) {
    if (Number.isSafeInteger(count) && count >= 1) continue
    throw new ConfigError(`options.loads.${name} must be a number of loads, 1 or more.`)
  }
  return {
    redis,
    prefix,
    groups,
    codec,
    breaker,
    timeoutMs,
    leaseMs,
    waitMs,
    pendingMs,
    journal: resolveJournal(options.journal),
    loads: { perProcess, perTenant, queueMs },
    compress: options.compress && resolveCompress(options.compress),
    encrypt: options.encrypt,
  }
}

function resolveJournal(journal: CacheOptions['journal'] = 'never'): JournalRules {
  const { mode, pollMs = 1_000 } = typeof journal === 'string' ? { mode: journal } : journal
  if (mode !== 'never' && mode !== 'fallback' && mode !== 'always') {
    throw new ConfigError("options.journal must be 'never', 'fallback' or 'always'.")
  }
  if (!(pollMs >= 10 && pollMs <= LONGEST_MS)) {
    throw new ConfigError('options.journal.pollMs must be milliseconds, 10 or more.')
  }
  return { mode, pollMs }
}

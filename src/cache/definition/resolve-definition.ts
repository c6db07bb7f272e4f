import { CacheDefinitionError } from '../../errors/cache.ts'
import type { DefinitionOptions, FreshnessOptions, LocalOptions } from './definition-options.ts'

/** Options of a definition, checked and with the defaults filled in. */
export interface ResolvedDefinition {
  readonly name: string
  readonly group: string
  readonly version: string
  readonly vary: 'context' | 'tenant'
  readonly freshness: Required<FreshnessOptions>
  readonly maxBytes: number
  /** What the process keeps, if anything. */
  readonly local: LocalRules | undefined
}

/** What the process keeps of values: their text, of which each caller is given a copy, or the decoded values themselves. */
export interface LocalRules extends Required<LocalOptions> {
  readonly keeps: 'text' | 'values'
}

const TEXTS: LocalRules = { keeps: 'text', maxEntries: 500, maxBytes: 4 * 1024 * 1024 }
const VALUES: LocalRules = { keeps: 'values', maxEntries: 1_000, maxBytes: 16 * 1024 * 1024 }
const LONGEST_MS = 30 * 24 * 3_600_000

/** @throws {CacheDefinitionError} */
export function resolveDefinition(
  name: string,
  groups: readonly string[],
  options: Omit<DefinitionOptions<never, never, never>, 'load' | 'key' | 'tags' | 'policyTags'>,
): ResolvedDefinition {
  const refuse = (problem: string) => new CacheDefinitionError(`The cache definition "${name}": ${problem}`)
  if (typeof name !== 'string' || name === '') throw refuse('it needs a name.')
  const { group = groups[0] ?? '', version = '', vary = 'context', maxBytes = 512_000 } = options
  const { ttlMs, jitter = 0.1, early = 1, staleMs = 0, graceMs = 0, negativeTtlMs = ttlMs } = options
  if (!groups.includes(group)) throw refuse('its `group` is none of the groups of createCache().')
  if (vary !== 'context' && vary !== 'tenant') throw refuse("`vary` must be 'context' or 'tenant'.")
  if (!Array.isArray(options.tables) || options.tables.length === 0) {
    throw refuse('`tables` must name the tables that it reads.')
  }
  const milliseconds = { ttlMs, negativeTtlMs, staleMs, graceMs }
  for (const [option, value] of Object.entries(milliseconds)) {
    const least = option.startsWith('ttl') || option.startsWith('negative') ? 1 : 0
    if (Number.isFinite(value) && value >= least && value <= LONGEST_MS) continue
    throw refuse(`\`${option}\` must be milliseconds, at most 30 days.`)
  }
  if (!(jitter >= 0 && jitter <= 1)) throw refuse('`jitter` must be a share from 0 to 1.')
  if (!(early >= 0 && early <= 100)) throw refuse('`early` must be a number from 0 to 100.')
  if (!(Number.isSafeInteger(maxBytes) && maxBytes > 0)) throw refuse('`maxBytes` must be a number of bytes.')
  return {
    name,
    group,
    version,
    vary,
    freshness: { ttlMs, jitter, early, staleMs, graceMs, negativeTtlMs },
    maxBytes,
    local: resolveLocal(options.local),
  }
}

function resolveLocal(local: LocalOptions | boolean | undefined): LocalRules | undefined {
  if (local === undefined) return TEXTS
  if (local === false) return undefined
  return local === true ? VALUES : { ...VALUES, ...local }
}

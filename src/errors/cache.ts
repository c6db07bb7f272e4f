import { LeaseholdError } from './leasehold-error.ts'

/** Why Redis could not be used. */
export type CacheUnavailableReason =
  /** It did not answer in time. */
  | 'timeout'
  /** There is no connection to it, or what it is has not been asked yet. */
  | 'disconnected'
  /** It has failed lately, and is left alone until it answers again. */
  | 'breaker'
  /** It is a replica, or loads its data. */
  | 'not-primary'
  /** It has no memory left for what was to be written. */
  | 'out-of-memory'
  /** It refused the command, as for want of a permission. */
  | 'refused'
  /** Its answer was none to what was asked. */
  | 'unreadable'
  /** The cache was closed. */
  | 'closed'

const REASONS: Readonly<Record<CacheUnavailableReason, string>> = {
  timeout: 'it did not answer in time',
  disconnected: 'there is no connection to it',
  breaker: 'it has failed lately, and is left alone until it answers again',
  'not-primary': 'it is a replica, or still loads its data',
  'out-of-memory': 'it has no memory left; give it more, or a maxmemory-policy such as volatile-lru',
  refused: 'it refused the command; see the cause',
  unreadable: 'its answer was none to what was asked',
  closed: 'the cache was closed',
}

/** Redis cannot be used now. Reads go on without it; a write that had to mark what it overwrites was rolled back. */
export class CacheUnavailableError extends LeaseholdError {
  readonly code = 'LSH_ERR_CACHE_UNAVAILABLE'
  readonly retryable = true
  readonly reason: CacheUnavailableReason

  constructor(reason: CacheUnavailableReason, options?: { readonly cause?: unknown }) {
    super(
      `Redis could not be used for the cache: ${REASONS[reason]}. cache.snapshot() says how it stands. To let writes through ` +
        "without it, give the cache a journal: 'fallback' or 'always'.",
      options,
    )
    this.reason = reason
  }
}

/** A value had to be loaded, and its turn did not come in time. Nothing was sent to the database. */
export class CacheOverloadedError extends LeaseholdError {
  readonly code = 'LSH_ERR_CACHE_OVERLOADED'
  readonly retryable = true
  /** Milliseconds that it waited. */
  readonly waitedMs: number

  constructor(waitedMs: number, running: number, waiting: number) {
    super(
      `A value was not in the cache, and its load did not get its turn within ${waitedMs} ms: ${running} loads are under way ` +
        `and ${waiting} wait. Have the caller try again, or raise loads.perProcess, loads.perTenant or loads.queueMs.`,
    )
    this.waitedMs = waitedMs
  }
}

/** The cache, or a definition of it, is not one that can be kept: wrong options, missing tags, a right that the role lacks. */
export class CacheDefinitionError extends LeaseholdError {
  readonly code = 'LSH_ERR_CACHE_DEFINITION'
  readonly retryable = false
}

/** A value, or a part of a key, cannot be told from another once it is encoded. */
export class CacheValueError extends LeaseholdError {
  readonly code = 'LSH_ERR_CACHE_VALUE'
  readonly retryable = false
  /** Where it is, such as `$.patients[3].photo`. */
  readonly path: string

  constructor(path: string, problem: string) {
    super(`The value at ${path} cannot be cached: ${problem}.`)
    this.path = path
  }
}

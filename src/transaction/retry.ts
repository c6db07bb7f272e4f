import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from '../errors/config.ts'
import { isServerError } from '../errors/server-error.ts'

/** How often, and how soon, a transaction is run again. */
export interface RetryRules {
  /** Attempts in all, from 1 to 100. */
  readonly attempts: number
  /** Milliseconds of the first pause, at most; it doubles with each attempt. @default 10 */
  readonly firstPauseMs?: number
  /** Milliseconds of any pause, at most. @default 1000 */
  readonly longestPauseMs?: number
}

const MOST_ATTEMPTS = 100
/** serialization_failure and deadlock_detected: what PostgreSQL asks to be tried again. */
const CONFLICTS: readonly string[] = ['40001', '40P01']

/** @throws {ConfigError} */
export function resolveRetry(asked: number | RetryRules | undefined): Required<RetryRules> {
  const rules = typeof asked === 'object' && asked !== null ? asked : { attempts: asked ?? 1 }
  const { attempts, firstPauseMs = 10, longestPauseMs = 1_000 } = rules
  if (!Number.isSafeInteger(attempts) || attempts < 1 || attempts > MOST_ATTEMPTS) {
    throw new ConfigError(`options.retry must be a number of attempts in all, from 1 to ${MOST_ATTEMPTS}.`)
  }
  if (!(firstPauseMs >= 0) || !(longestPauseMs >= firstPauseMs) || longestPauseMs > 3_600_000) {
    throw new ConfigError(
      'options.retry.firstPauseMs and longestPauseMs must be milliseconds, the first not above the second.',
    )
  }
  return { attempts, firstPauseMs, longestPauseMs }
}

/**
 * Whether an error of the server is of the kind that goes away by doing the whole transaction again.
 *
 * @see https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
 */
export function isConflict(error: unknown): boolean {
  return isServerError(error) && CONFLICTS.includes(error.code)
}

/**
 * How long to pause: any time up to a limit that doubles, so that those who collided do not collide again.
 *
 * @param attempt the one that failed, from 1
 * @param random from 0 to 1
 */
export function pauseMs(rules: Required<RetryRules>, attempt: number, random: number): number {
  return random * Math.min(rules.longestPauseMs, rules.firstPauseMs * 2 ** (attempt - 1))
}

/** @throws the signal's reason */
export async function pause(forMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(forMs, undefined, { signal })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import { boundedClient } from './answered-within.ts'
import { attemptStep } from './attempt-step.ts'
import { backoffMs } from './backoff.ts'
import { describeHolder, findHolders, type LockHolder } from './find-holders.ts'
import { RolloutError } from './rollout-error.ts'
import type { RolloutLimits } from './rollout-limits.ts'
import type { RolloutStep } from './rollout-step.ts'

const HOLDERS_MS = 5_000

/** What an attempt came to. */
export interface FailedAttempt {
  readonly step: RolloutStep
  /** Counted from 1. */
  readonly attempt: number
  /** The SQLSTATE. */
  readonly code: string
  /** Who has locked the tables, as far as it can still be seen. */
  readonly holders: readonly LockHolder[]
  /** Milliseconds until the next attempt. */
  readonly againInMs: number
}

/** How steps are tried. */
export interface StepTries {
  readonly limits: RolloutLimits
  readonly signal: AbortSignal | undefined
  /** From 0 to 1. */
  random(): number
  failed(attempt: FailedAttempt): void
}

/**
 * Runs a step, again and again until it has its locks in time.
 *
 * @returns how many attempts it took
 * @throws {RolloutError}
 */
export async function runStep(client: CatalogClient, step: RolloutStep, tries: StepTries): Promise<number> {
  const { limits, signal } = tries
  const begun = performance.now()
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw stoppedAt(step)
    const error = await attemptStep(client, step, limits)
    if (!error) return attempt
    const holders = await findHolders(boundedClient(client, HOLDERS_MS), step.locks)
    if (performance.now() - begun > limits.giveUpAfterMs) throw blockedAt(step, attempt, holders, error)
    const againInMs = backoffMs(attempt, tries.random())
    tries.failed({ step, attempt, code: error.code, holders, againInMs })
    // Aborting ends the wait, and the loop says so.
    await sleep(againInMs, undefined, signal ? { signal } : {}).catch(() => {})
  }
}

function stoppedAt(step: RolloutStep): RolloutError {
  const message = `The rollout was stopped before ${step.object}: ${step.purpose} Run it again to go on.`
  return new RolloutError('stopped', message, { step })
}

function blockedAt(
  step: RolloutStep,
  attempts: number,
  holders: readonly LockHolder[],
  cause: unknown,
): RolloutError {
  const who =
    holders.length > 0
      ? `Locks are held by ${holders.map(describeHolder).join('; ')}.`
      : 'Nobody held a lock when it was looked for.'
  const message =
    `After ${attempts} attempts a step still did not get its locks in time, ${step.object}: ${step.purpose} ${who} ` +
    'End those transactions, or wait for them, then run it again to go on.'
  return new RolloutError('blocked', message, { step, cause })
}

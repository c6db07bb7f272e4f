import { isServerError, type ServerError } from '../../errors/server-error.ts'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import { answeredWithin } from './answered-within.ts'
import { isConnectionGone, lostAt } from './lost-connection.ts'
import { refusalOf } from './refusal.ts'
import type { RolloutLimits } from './rollout-limits.ts'
import type { RolloutStep } from './rollout-step.ts'
import { briefText, longSettings } from './step-text.ts'

/** lock_not_available, query_canceled (a timeout), deadlock_detected, serialization_failure. */
const WORTH_ANOTHER_TRY: readonly string[] = ['55P03', '57014', '40P01', '40001']

/**
 * Tries a step once, and takes away what a failed attempt leaves.
 *
 * @returns the error of an attempt that is worth another
 * @throws {RolloutError}
 */
export async function attemptStep(
  client: CatalogClient,
  step: RolloutStep,
  limits: RolloutLimits,
): Promise<ServerError | undefined> {
  const { lockTimeoutMs, holdTimeoutMs, longTimeoutMs } = limits
  const serverMs = step.kind === 'brief' ? lockTimeoutMs + holdTimeoutMs : longTimeoutMs
  const ask = (text: string) => answeredWithin(client.query(text), serverMs, step)
  try {
    if (step.kind === 'brief') await ask(briefText(step, limits))
    else {
      await ask(longSettings(limits))
      for (const part of step.parts) await ask(part)
    }
    return undefined
  } catch (error) {
    if (isConnectionGone(error)) throw lostAt(step, error)
    if (!isServerError(error)) throw error
    try {
      if (step.kind === 'brief') await ask('rollback')
      if (step.undo) await ask(step.undo)
    } catch (failure) {
      throw lostAt(step, failure)
    }
    if (!WORTH_ANOTHER_TRY.includes(error.code)) throw refusalOf(step, error)
    return error
  }
}

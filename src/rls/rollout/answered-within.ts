import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import { lostAt } from './lost-connection.ts'
import type { RolloutStep } from './rollout-step.ts'

/** Beyond the server's own timeouts: then it is no longer there to keep them. */
const MARGIN_MS = 5_000

/**
 * Waits for an answer for as long as the server may take, and a little.
 *
 * @throws {RolloutError} when there is none
 */
export async function answeredWithin<T>(
  answer: Promise<T>,
  serverMs: number,
  step?: RolloutStep,
): Promise<T> {
  const waiting = new AbortController()
  const late = sleep(serverMs + MARGIN_MS, undefined, { signal: waiting.signal }).then(() => {
    throw lostAt(step, undefined)
  })
  late.catch(() => {})
  // Nobody listens to an answer that comes after all.
  answer.catch(() => {})
  try {
    return await Promise.race([answer, late])
  } finally {
    waiting.abort()
  }
}

/** A client whose every answer is waited for in that way. */
export function boundedClient(client: CatalogClient, serverMs: number): CatalogClient {
  return { query: (text, values) => answeredWithin(client.query(text, values), serverMs) }
}

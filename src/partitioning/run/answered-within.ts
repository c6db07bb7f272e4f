import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'

/** Nobody has answered: the server, or the way to it, is gone without a word. */
export class SilentServer extends Error {}

/**
 * A client whose every answer is waited for that long and no longer.
 *
 * @throws {SilentServer}
 */
export function answeringWithin(client: CatalogClient, timeoutMs: number): CatalogClient {
  return {
    query: async (text, values) => {
      const waiting = new AbortController()
      const late = sleep(timeoutMs, undefined, { signal: waiting.signal }).then(() => {
        throw new SilentServer(`There was no answer within ${timeoutMs} ms.`)
      })
      late.catch(() => {})
      const answer = client.query(text, values)
      // Nobody listens to an answer that comes after all.
      answer.catch(() => {})
      try {
        return await Promise.race([answer, late])
      } finally {
        waiting.abort()
      }
    },
  }
}

import { setImmediate } from 'node:timers/promises'

/** There was no answer to a probe in time. */
export class ProbeLateError extends Error {
  constructor(limitMs: number) {
    super(`The server did not answer a probe within ${limitMs} ms.`)
  }
}

/**
 * Waits for work up to a limit. The limit is only held against the server where its answer is not there already: after the event
 * loop stood still, timers run before the sockets are read, and would find every server late at once.
 *
 * @throws {ProbeLateError} and what the work throws
 */
export async function unlessLate<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  let settled = false
  const timer = setTimeout(async () => {
    await setImmediate()
    await setImmediate()
    if (!settled) late.reject(new ProbeLateError(limitMs))
  }, limitMs)
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    settled = true
    clearTimeout(timer)
  }
}

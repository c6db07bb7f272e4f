import { setImmediate } from 'node:timers/promises'

/**
 * Waits for work up to a limit. The limit is only held against the server where its answer is not there already: after the event
 * loop stood still, timers run before the sockets are read, and would find every server late at once.
 *
 * @throws what the work throws, or that it is late
 */
export async function unlessLate<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  let settled = false
  const timer = setTimeout(async () => {
    await setImmediate()
    await setImmediate()
    if (!settled) late.reject(new Error(`The server did not answer a probe within ${limitMs} ms.`))
  }, limitMs)
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    settled = true
    clearTimeout(timer)
  }
}

import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 2

/**
 * Calls at a steady pace, whether or not the ones before are answered: who waits for answers asks less just when they take long, and
 * so does not see how long they would have taken.
 *
 * @param call gets the time at which it was due, which a busy process may be late for
 */
export async function keepPace(
  perSecond: number,
  isOver: () => boolean,
  call: (dueMs: number) => void,
): Promise<void> {
  const startedAt = performance.now()
  for (let calls = 0; !isOver(); ) {
    const nowMs = performance.now()
    for (;;) {
      const dueMs = startedAt + (calls * 1_000) / perSecond
      if (dueMs > nowMs) break
      calls += 1
      call(dueMs)
    }
    await sleep(EVERY_MS)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'

interface WaitOptions {
  readonly timeoutMs: number
  /** @default 100 */
  readonly everyMs?: number
  /** What to say when the time is over. */
  readonly onTimeout: () => Error | Promise<Error>
  readonly signal?: AbortSignal | undefined
}

/** Asks again and again until the answer is yes. What the question throws ends the wait. */
export async function waitUntil(
  ask: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 100, onTimeout, signal }: WaitOptions,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs
  while (!(await ask())) {
    signal?.throwIfAborted()
    if (performance.now() > deadlineMs) throw await onTimeout()
    await sleep(everyMs)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'

/** How long and how often to look. */
export interface WaitOptions {
  readonly timeoutMs: number
  /** Pause between two looks; 10 ms by default. */
  readonly everyMs?: number
  /** Makes the error to throw when the time is over. */
  readonly onTimeout: () => Error | Promise<Error>
}

/** Looks again and again until `check` says true. What `check` throws ends the wait. */
export async function waitUntil(
  check: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 10, onTimeout }: WaitOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await check())) {
    if (performance.now() >= deadline) throw await onTimeout()
    await sleep(everyMs)
  }
}

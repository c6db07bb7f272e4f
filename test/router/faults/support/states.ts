import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ReplicaEvent, Router } from '../../../../src/router/index.ts'
import { waitUntil } from '../../../../src/testing/rig/wait-until.ts'

/** Long enough for an ejection to end, the longest first one being of 6 s, on a busy machine. */
const STATE_LIMIT_MS = 20_000

/** How the replicas stand, in the order of the options. */
export function states(router: Router): string[] {
  return router.snapshot().replicas.map(({ state }) => state)
}

/** Waits until the replicas stand like this. */
export async function awaitStates(router: Router, wanted: readonly string[]): Promise<void> {
  await waitUntil(() => `${states(router)}` === `${wanted}`, {
    timeoutMs: STATE_LIMIT_MS,
    onTimeout: () => new Error(`The replicas are ${states(router)} and not ${wanted}.`),
  })
}

/** How many reads were shed to the primary, or turned away. */
export function shed(router: Router): number {
  const { behind = 0, lagging = 0, down = 0, failed = 0, refused = 0 } = router.snapshot().reasons
  return behind + lagging + down + failed + refused
}

/** Collects the changes of a replica's state, such as `healthy > lagging`, until it is disposed of. */
export function watchStates(id: string): Disposable & { readonly changes: string[] } {
  const changes: string[] = []
  const onEvent = (message: unknown) => {
    const { replica, from, to } = message as ReplicaEvent
    if (replica === id) changes.push(`${from} > ${to}`)
  }
  subscribe('leasehold:replica', onEvent)
  return { changes, [Symbol.dispose]: () => void unsubscribe('leasehold:replica', onEvent) }
}

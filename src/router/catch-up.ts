import { setTimeout as sleep } from 'node:timers/promises'
import type { Deadline } from '../wire/deadline.ts'
import type { Replica } from './replica.ts'

const FIRST_PAUSE_MS = 2

/** The time that one read may wait for replicas to catch up, all in all. */
export class CatchUp {
  readonly #limitMs: number
  #waitedMs = 0

  constructor(limitMs: number, deadline: Deadline) {
    this.#limitMs = Math.min(limitMs, deadline.remainingMs())
  }

  get waitedMs(): number {
    return this.#waitedMs
  }

  /**
   * Asks replicas, at growing intervals and on the connections of their probes, until one has replayed enough: a light question
   * in place of the read itself, and one for all that wait.
   *
   * @returns nothing when the time is up
   */
  async first(replicas: readonly Replica[], lsn: bigint): Promise<Replica | undefined> {
    const startedAt = performance.now()
    const stop = new AbortController()
    const asking = replicas.map((replica) => untilReplayed(replica, lsn, stop.signal))
    const late = sleep(Math.max(0, this.#limitMs - this.#waitedMs), undefined, { signal: stop.signal })
    try {
      return await Promise.race([late.then(() => undefined), ...asking])
    } finally {
      stop.abort()
      late.catch(ignore)
      this.#waitedMs += performance.now() - startedAt
    }
  }
}

/** Settles when the replica has replayed enough, or nobody waits for it any more. */
async function untilReplayed(
  replica: Replica,
  lsn: bigint,
  signal: AbortSignal,
): Promise<Replica | undefined> {
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs *= 2) {
    await sleep(pauseMs)
    if (!signal.aborted && (await hasReplayed(replica, lsn))) return replica
  }
  return undefined
}

async function hasReplayed(replica: Replica, lsn: bigint): Promise<boolean> {
  try {
    const report = await replica.prober.probe()
    if (report.inRecovery) replica.noteReplayed(report.lsn)
    return report.inRecovery && report.lsn >= lsn
  } catch {
    // Its probes in their own time find out what that means.
    return false
  }
}

function ignore(): void {}

import { Admission } from '../../../src/admission/admission.ts'
import { Waiter } from '../../../src/admission/waiter.ts'
import type { TenantId } from '../../../src/context/tenant-id.ts'
import { Random } from '../../support/random.ts'

/** What a tenant asks of the pool. */
export interface Load {
  readonly tenant: string
  /** Statements that are there from the start. */
  readonly queuedAtStart?: number
  /** Statements that come one by one at random, this many milliseconds apart on average. */
  readonly everyMs?: number
  /** Callers that each send the next statement when the one before was answered. */
  readonly callers?: number
}

/** What one tenant's callers saw, in milliseconds: waiting in the queue only, and until the answer came. */
export interface Seen {
  readonly waitsMs: number[]
  readonly answersMs: number[]
}

class Statement extends Waiter {
  readonly load: Load
  endsAtMs = 0
  readonly #onAdmitted: (statement: Statement, nowMs: number) => void

  constructor(load: Load, queue: string, onAdmitted: (statement: Statement, nowMs: number) => void) {
    super(queue as TenantId, Infinity)
    this.load = load
    this.#onAdmitted = onAdmitted
  }

  override onAdmitted(nowMs: number): void {
    this.#onAdmitted(this, nowMs)
  }

  override onExpired(): void {
    throw new Error('a statement without a deadline expired')
  }
}

const MEAN_STATEMENT_MS = 10

/**
 * Plays loads against a pool in virtual time. A statement takes 10 ms on average, at random (exponentially), so the
 * pool's connections come free at random moments, as they do in life.
 *
 * @param order 'fair' for turns between tenants, 'fifo' for one queue of all, which is what pg-pool has
 */
export function simulate(
  loads: readonly Load[],
  order: 'fair' | 'fifo',
  { connections = 10, forMs = 10_000, seed = 1 } = {},
): ReadonlyMap<string, Seen> {
  const random = new Random(seed)
  const exponential = (mean: number) => -mean * Math.log(1 - random.below(2 ** 30) / 2 ** 30)
  const admission = new Admission(connections)
  const running: Statement[] = []
  const seen = new Map(loads.map(({ tenant }) => [tenant, { waitsMs: [], answersMs: [] } as Seen]))
  const onAdmitted = (statement: Statement, nowMs: number) => {
    statement.endsAtMs = nowMs + exponential(MEAN_STATEMENT_MS)
    running.push(statement)
    seen.get(statement.load.tenant)?.waitsMs.push(nowMs - statement.enteredAtMs)
  }
  const send = (load: Load, nowMs: number) =>
    admission.enter(new Statement(load, order === 'fair' ? load.tenant : 'all', onAdmitted), nowMs)

  const arrivals = loads.flatMap((load) => {
    const at: { load: Load; atMs: number }[] = []
    for (let i = (load.queuedAtStart ?? 0) + (load.callers ?? 0); i > 0; i -= 1) at.push({ load, atMs: 0 })
    const { everyMs } = load
    if (!everyMs) return at
    for (let t = exponential(everyMs); t < forMs; t += exponential(everyMs)) at.push({ load, atMs: t })
    return at
  })
  arrivals.sort((x, y) => x.atMs - y.atMs)

  let arrived = 0
  for (;;) {
    const arrival = arrivals[arrived]
    const ending = running.reduce<Statement | undefined>(
      (soonest, statement) => (soonest && soonest.endsAtMs <= statement.endsAtMs ? soonest : statement),
      undefined,
    )
    if (arrival && (!ending || arrival.atMs <= ending.endsAtMs)) {
      arrived += 1
      send(arrival.load, arrival.atMs)
    } else if (ending) {
      const nowMs = ending.endsAtMs
      running.splice(running.indexOf(ending), 1)
      seen.get(ending.load.tenant)?.answersMs.push(nowMs - ending.enteredAtMs)
      admission.release(ending, nowMs)
      if (ending.load.callers && nowMs < forMs) send(ending.load, nowMs)
    } else {
      return seen
    }
  }
}

/** The value that 99 in a hundred do not exceed. */
export function p99(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN
}

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLeasehold, type Leasehold, uuid } from '../../src/index.ts'
import { ISOLATION_TENANTS } from './isolation-schema.ts'
import type { SoakRig } from './soak-rig.ts'
import { STALLED_CALLS, type StalledCall } from './stalled-calls.ts'
import type { Stall } from './stalls.ts'

/** Within which every call of a round is to settle. */
export const DEADLINE_MS = 400
/** Calls that have not got so far by then are met by the stall where they are. */
const STALL_AFTER_MS = 200
/** When a call counts as one that never settles. */
const NEVER_MS = 3_000
const RECOVERY_MS = 10_000
/** Without it pg waits for ever for a server that has accepted and says nothing, and the pool has one connection less. */
const CONNECT_MS = 1_000

/** How one call ended. */
export interface SettledCall {
  readonly call: StalledCall
  /** From its start; infinite when it had not settled when the round was over. */
  readonly ms: number
  /** The code of its error; `none` when it succeeded. */
  readonly code: string
}

/** What one stall led to. */
export interface StallRound {
  readonly calls: readonly SettledCall[]
  /** Handles that, once the stall was over, could not use as many connections as they may have, and why. */
  readonly notRecovered: readonly string[]
  /** The longest that the event loop held timers up while the calls ran, in milliseconds. */
  readonly lagMs: number
}

/**
 * Makes one call of each kind, several times and all at once, each of which has a connection to itself; stops everything
 * from answering when they are where they are to be; and lets it go on when they have settled.
 */
export async function runStallRound(rig: SoakRig, stall: Stall, times: number): Promise<StallRound> {
  const calls = Array.from({ length: times }, () => STALLED_CALLS).flat()
  const count = (over: StalledCall['over']) => calls.filter((call) => call.over === over).length
  const room: Room = { warm: count('warm'), cold: count('cold'), narrow: 1 }
  const handles = openHandles(rig, room)
  await Promise.all([useAll(handles.warm, room.warm), useAll(handles.narrow, room.narrow)])

  const lag = monitorEventLoopDelay({ resolution: 5 })
  lag.enable()
  const begun = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  let awaited = calls.length
  const stalled = () => {
    awaited -= 1
    if (awaited === 0) arrived.resolve()
    return begun.promise
  }
  const running = calls.map((call) => settle(call, handles[call.over], stalled))
  await Promise.race([arrived.promise, sleep(STALL_AFTER_MS)])
  stall.begin(rig)
  begun.resolve()
  const settled = await Promise.all(running)
  lag.disable()
  stall.end(rig)
  return { calls: settled, notRecovered: await recover(handles, room), lagMs: lag.max / 1e6 }
}

type Handles = Readonly<Record<StalledCall['over'], Leasehold>>
/** How many connections each may have. */
type Room = Readonly<Record<StalledCall['over'], number>>

function openHandles(rig: SoakRig, room: Room): Handles {
  const open = (max: number) =>
    createLeasehold({
      primary: rig.pool({ max, connectionTimeoutMillis: CONNECT_MS }),
      timeoutMs: DEADLINE_MS,
    })
  return { warm: open(room.warm), cold: open(room.cold), narrow: open(room.narrow) }
}

/** Uses so many connections at once, so that each is there; again while some cannot be made, on a busy machine. */
async function useAll(db: Leasehold, count: number): Promise<void> {
  const tenant = uuid(ISOLATION_TENANTS[0] ?? '')
  const use = () =>
    db.tenant(tenant, { readOnly: true, timeoutMs: RECOVERY_MS }).query('select pg_sleep(0.1)')
  const stopAt = performance.now() + RECOVERY_MS
  for (;;) {
    const ended = await Promise.allSettled(Array.from({ length: count }, use))
    const failed = ended.find((one) => one.status === 'rejected')
    if (!failed) return
    if (performance.now() > stopAt) throw failed.reason
  }
}

async function settle(call: StalledCall, db: Leasehold, stalled: () => Promise<void>): Promise<SettledCall> {
  let ended: SettledCall = { call, ms: Number.POSITIVE_INFINITY, code: 'never settled' }
  const clock = async (run: () => Promise<unknown>) => {
    const startedAt = performance.now()
    const code = await run().then(
      () => 'none',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    )
    ended = { call, ms: performance.now() - startedAt, code }
  }
  await Promise.race([call.run(db, clock, stalled), sleep(NEVER_MS, undefined, { ref: false })])
  return ended
}

/** A pool from which the stall has taken connections for good fails some of as many callers as it has room for. */
async function recover(handles: Handles, room: Room): Promise<string[]> {
  const failed = await Promise.all(
    Object.entries(handles).map(([name, db]) =>
      useAll(db, room[name as StalledCall['over']]).then(
        () => [],
        (error: unknown) => [`the ${name} handle did not recover: ${String(error)}`],
      ),
    ),
  )
  return failed.flat()
}

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { AlreadyAppliedError, CommitUnknownError, createLeasehold, type Leasehold } from '../../src/index.ts'
import type { ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import { waitUntil } from '../../src/testing/rig/wait-until.ts'
import type { PassedMessage, PlannedCut, Recording } from './cut-plan.ts'
import type { CutShape } from './cut-shapes.ts'
import type { Outcome } from './outcome-ledger.ts'
import type { SoakRig } from './soak-rig.ts'

/** What a cut led to. */
export interface CutResult {
  /** What the call said became of the write. */
  readonly outcome: Outcome
  /** Of an unknown one, what `resolve()` said. */
  readonly resolved: 'committed' | 'aborted' | 'unknown' | undefined
  /** Of a write with a receipt that was not reported committed: what its repetition found. */
  readonly repeated: 'applied' | 'already applied' | undefined
  /** The code of the error, where there was one. */
  readonly code: string | undefined
  /** Whether the message came at which the connection was to be cut. */
  readonly made: boolean
}

const DEADLINE_MS = 5_000
const REPORT_MS = 500

/** One connection after the other, through a proxy of its own: what is cut is known to be this call's. */
export class CutLane {
  readonly #proxy: ToxicProxy
  readonly #pool: pg.Pool
  readonly #db: Leasehold

  static async open(rig: SoakRig): Promise<CutLane> {
    const proxy = await rig.openProxy()
    const lane = new CutLane(proxy, rig.pool({ host: proxy.host, port: proxy.port, max: 1 }))
    // The first use of a pool checks its login role, which is no part of the calls that are recorded.
    await lane.#db.shared().query('select 1')
    return lane
  }

  private constructor(proxy: ToxicProxy, pool: pg.Pool) {
    this.#proxy = proxy
    this.#pool = pool
    this.#db = createLeasehold({ primary: pool, timeoutMs: DEADLINE_MS })
  }

  /** Notes down the messages of an undisturbed call, start-up excluded. */
  async record(shape: CutShape, warm: boolean, tenant: string): Promise<Recording<CutShape>> {
    await this.#startOver()
    if (warm) await shape.run(this.#db, tenant, 0)
    const messages: PassedMessage[] = []
    const stop = this.#proxy.onMessage(({ startup, direction, type, length }) => {
      if (!startup) messages.push({ direction, type, length })
    })
    await shape.run(this.#db, tenant, 0)
    stop()
    return { shape, warm, messages }
  }

  /** Makes a call and cuts its connection; then asks what became of it, and repeats it where that is safe. */
  async run(plan: PlannedCut<CutShape>, tenant: string, operation: number): Promise<CutResult> {
    const { shape, warm, cut } = plan
    await this.#startOver()
    if (warm) await shape.run(this.#db, tenant, 0)
    let made = false
    const report = this.#proxy.cutAt(cut).then(
      ({ type, typeIndex }) => {
        // Counted from the start-up in one case and from the arming in the other; the type is the same in both.
        made = type === cut.type && typeIndex >= cut.message
      },
      () => {},
    )
    const error = await caughtFrom(shape.run(this.#db, tenant, operation))
    await Promise.race([report, sleep(REPORT_MS)])
    this.#proxy.disarmCuts()
    if (error === undefined) {
      return { outcome: 'committed', resolved: undefined, repeated: undefined, code: undefined, made }
    }
    const isUnknown = error instanceof CommitUnknownError
    const resolved = isUnknown ? await error.resolve({ timeoutMs: DEADLINE_MS }) : undefined
    const repeated = shape.hasReceipt ? await this.#repeat(shape, tenant, operation) : undefined
    const code = (error as { code?: string }).code ?? String(error)
    return { outcome: isUnknown ? 'unknown' : 'failed', resolved, repeated, code, made }
  }

  async #repeat(shape: CutShape, tenant: string, operation: number): Promise<'applied' | 'already applied'> {
    const error = await caughtFrom(shape.run(this.#db, tenant, operation))
    if (error === undefined) return 'applied'
    if (error instanceof AlreadyAppliedError) return 'already applied'
    throw error
  }

  async #startOver(): Promise<void> {
    this.#proxy.resetAll()
    await waitUntil(() => this.#pool.totalCount === 0 && this.#proxy.connections === 0, {
      timeoutMs: DEADLINE_MS,
      everyMs: 1,
      onTimeout: () => new Error('A connection that was cut is still in the pool. Look for a leaked lease.'),
    })
  }
}

function caughtFrom(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error ?? new Error('rejected with nothing'),
  )
}

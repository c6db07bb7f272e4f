import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { CommitUnknownError, createLeasehold, type Leasehold, uuid } from '../../src/index.ts'
import type { ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import { waitUntil } from '../../src/testing/rig/wait-until.ts'
import type { PassedMessage, PlannedCut, Recording } from './cut-plan.ts'
import type { Outcome } from './outcome-ledger.ts'
import type { SoakRig } from './soak-rig.ts'

/** A call that writes, by how it does. */
export interface CutShape {
  readonly name: string
  /** How many rows it writes. */
  readonly rows: number
  run(db: Leasehold, tenant: string, operation: number): Promise<unknown>
}

/** What a cut led to. */
export interface CutResult {
  readonly outcome: Outcome
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
    return new CutLane(proxy, rig.pool({ host: proxy.host, port: proxy.port, max: 1 }))
  }

  private constructor(proxy: ToxicProxy, pool: pg.Pool) {
    this.#proxy = proxy
    this.#pool = pool
    this.#db = createLeasehold({ primary: pool, timeoutMs: DEADLINE_MS })
  }

  /** Notes down the messages of an undisturbed call, start-up excluded. */
  async record(
    shape: CutShape,
    warm: boolean,
    tenant: string,
    operation: number,
  ): Promise<Recording<CutShape>> {
    await this.#startOver()
    if (warm) await this.#warmUp(tenant)
    const messages: PassedMessage[] = []
    const stop = this.#proxy.onMessage(({ startup, direction, type, length }) => {
      if (!startup) messages.push({ direction, type, length })
    })
    await shape.run(this.#db, tenant, operation)
    stop()
    return { shape, warm, messages }
  }

  /** Makes a call and cuts its connection. */
  async run(plan: PlannedCut<CutShape>, tenant: string, operation: number): Promise<CutResult> {
    await this.#startOver()
    if (plan.warm) await this.#warmUp(tenant)
    let made = false
    const report = this.#proxy.cutAt(plan.cut).then(
      ({ type, typeIndex }) => {
        // Counted from the start-up in one case and from the arming in the other; the type is the same in both.
        made = type === plan.cut.type && typeIndex >= plan.cut.message
      },
      () => {},
    )
    try {
      await plan.shape.run(this.#db, tenant, operation)
      await Promise.race([report, sleep(REPORT_MS)])
      return { outcome: 'committed', code: undefined, made }
    } catch (error) {
      await Promise.race([report, sleep(REPORT_MS)])
      const outcome = error instanceof CommitUnknownError ? 'unknown' : 'failed'
      return { outcome, code: (error as { code?: string }).code ?? String(error), made }
    } finally {
      this.#proxy.disarmCuts()
    }
  }

  /** Has the connection see every statement once, so that from now on it goes by name where names hold. */
  async #warmUp(tenant: string): Promise<void> {
    // Operation 0 is nobody's.
    for (const shape of CUT_SHAPES) await shape.run(this.#db, tenant, 0)
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

const WRITE = 'insert into canaries (tenant_id, tag, operation, part) values ($1, $1, $2, $3)'
const READ = 'select tenant_id, tag from canaries order by id limit 1'

/** The three ways to write. */
export const CUT_SHAPES: readonly CutShape[] = [
  {
    name: 'single',
    rows: 1,
    run: (db, tenant, operation) => db.tenant(uuid(tenant)).query(WRITE, [tenant, operation, 0]),
  },
  {
    name: 'batch',
    rows: 2,
    run: (db, tenant, operation) =>
      db.tenant(uuid(tenant)).batch([
        { text: WRITE, values: [tenant, operation, 0] },
        { text: READ, values: [] },
        { text: WRITE, values: [tenant, operation, 1] },
      ]),
  },
  {
    name: 'transaction',
    rows: 2,
    run: (db, tenant, operation) =>
      db.withTenant(uuid(tenant), async (tx) => {
        await tx.query(WRITE, [tenant, operation, 0])
        await tx.query(WRITE, [tenant, operation, 1])
      }),
  },
]

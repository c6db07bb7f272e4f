import { AcquireTimeoutError, DeadlineError } from '../errors/connection.ts'
import { ReadRefusedError } from '../errors/routing.ts'
import type { Route, RouteReason } from '../telemetry.ts'
import type { PositionWatch } from '../wire/position-watch.ts'
import type { ReadRoute, ReadTarget } from '../wire/read-route.ts'
import type { StandbyPosition } from '../wire/server-position.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import { CatchUp } from './catch-up.ts'
import type { Fleet } from './fleet.ts'
import { withoutRoom } from './no-room.ts'
import { BehindSignal, PromotedSignal } from './not-served.ts'
import type { ReadRequest } from './read-request.ts'
import type { Replica } from './replica.ts'
import { classifyReadError } from './retry/read-error.ts'
import { ReadLadder } from './retry/read-ladder.ts'
import type { Demand } from './token/demand.ts'
import { parseLsn } from './token/wal-position.ts'

type Send<T> = (target: ReadTarget) => Promise<T>
type Way = Pick<Route, 'target' | 'reason'>

/** How often it is sent again to the primary: a pooler's restart can kill several idle connections. */
const RESENDS = 2

/** One read on its way to a server that can serve it. */
export class RoutedRead implements ReadRoute {
  readonly #fleet: Fleet
  readonly #request: ReadRequest
  readonly #ladder = new ReadLadder()
  readonly #catchUp: CatchUp
  /** Those that are not to be tried again. */
  readonly #spent = new Set<Replica>()
  #attempts = 0
  #sentAtMs = 0
  #way: Way = { target: undefined, reason: 'failed' }
  #route: Route | undefined

  constructor(fleet: Fleet, request: ReadRequest) {
    this.#fleet = fleet
    this.#request = request
    this.#catchUp = new CatchUp(fleet.rules.waitMs, request.deadline)
  }

  /** Where it went; nothing before it has settled. */
  get route(): Route | undefined {
    return this.#route
  }

  async run<T>(send: Send<T>): Promise<T> {
    const startedAt = performance.now()
    this.#fleet.countRead()
    try {
      await this.#fleet.ready()
      if (this.#request.consistency === 'session') await this.#request.reader?.load()
      const ruling = this.#rulePrimary()
      return await (ruling ? this.#onPrimary(ruling, send) : this.#onReplicas(send))
    } catch (error) {
      if (error instanceof ReadRefusedError) this.#way = { target: undefined, reason: 'refused' }
      throw error
    } finally {
      this.#route = Object.freeze({
        ...this.#way,
        attempts: this.#attempts,
        waitedMs: this.#catchUp.waitedMs,
      })
      this.#fleet.noteRoute(this.#route, performance.now() - startedAt)
      this.#request.onRoute?.(this.#route)
    }
  }

  /** Why the primary has to serve it, whatever the replicas have. */
  #rulePrimary(): Extract<RouteReason, 'asked' | 'strong' | 'isolation' | 'token'> | undefined {
    const { route, consistency, isolation = 'read committed' } = this.#request
    if (route !== 'replica') return 'asked'
    if (consistency === 'strong') return 'strong'
    // A standby does not know of the reads that a serializable transaction must be told of.
    if (isolation === 'serializable') return 'isolation'
    const demand = this.#demand()
    if (demand.kind === 'primary') return 'token'
    // Its snapshot is older than what the standby says of itself in the same statement.
    if (demand.kind === 'position' && isolation === 'repeatable read') return 'isolation'
    return undefined
  }

  /** What it must see; asked anew for each attempt, for other reads of the same scope may have seen more by then. */
  #demand(): Demand {
    const { consistency, reader } = this.#request
    if (consistency === 'eventual' || !reader) return { kind: 'none' }
    return this.#fleet.demandOf(reader)
  }

  #onPrimary<T>(reason: RouteReason, send: Send<T>): Promise<T> {
    this.#way = { target: 'primary', reason }
    return this.#sendToPrimary(this.#fleet.primary, send)
  }

  async #onReplicas<T>(send: Send<T>): Promise<T> {
    for (let next: Replica | undefined = this.#choose(); next; ) {
      try {
        return await this.#onReplica(next, this.#catchUp.waitedMs > 0 ? 'waited' : 'replica', send)
      } catch (error) {
        const step = await this.#after(error, next)
        if (step === 'primary') return this.#shed(error instanceof BehindSignal ? 'behind' : 'failed', send)
        next = step
      }
    }
    return this.#withoutReplica(send)
  }

  #choose(): Replica | undefined {
    const { maxStalenessMs } = this.#request
    return this.#fleet.choose({ spent: this.#spent, demand: this.#demand(), maxStalenessMs })
  }

  async #onReplica<T>(replica: Replica, reason: RouteReason, send: Send<T>): Promise<T> {
    this.#attempts += 1
    this.#way = { target: replica.id, reason }
    this.#sentAtMs = performance.now()
    const stopwatch = this.#fleet.stopwatch()
    const value = await send({
      source: replica.source,
      watch: this.#watchReplica(replica),
      mayResend: (error) => classifyReadError(error) === 'conflict',
    })
    this.#fleet.noteServed(replica, stopwatch())
    return value
  }

  #watchReplica(replica: Replica): PositionWatch {
    const { reader, consistency } = this.#request
    const opened = (at: StandbyPosition) => this.#check(replica, at)
    return reader && consistency === 'session'
      ? { opened, closed: (at) => reader.sawStandby(at, replica.timeline) }
      : { opened }
  }

  /** @throws {PromotedSignal} {@link BehindSignal} */
  #check(replica: Replica, { inRecovery, lsn }: StandbyPosition): void {
    if (!inRecovery) throw new PromotedSignal()
    const replayed = lsn === undefined ? 0n : parseLsn(lsn)
    replica.noteReplayed(replayed)
    const demand = this.#demand()
    if (demand.kind === 'position' && replayed < demand.position.lsn)
      throw new BehindSignal(demand.position.lsn)
  }

  /** Where the read goes after a replica has not served it. @throws the error, where it goes nowhere */
  async #after(error: unknown, replica: Replica): Promise<Replica | 'primary'> {
    if (error instanceof BehindSignal) return (await this.#elsewhere(error, replica)) ?? 'primary'
    if (error instanceof PromotedSignal) {
      this.#fleet.notePromoted(replica)
      this.#spent.add(replica)
      return this.#choose() ?? 'primary'
    }
    const failure = classifyReadError(error)
    if (failure === 'unreachable' || failure === 'lost' || isSilence(error))
      this.#fleet.noteFailed(replica, this.#sentAtMs)
    const step = this.#ladder.next(failure)
    const isBusy = failure === 'busy'
    const last = () => (isBusy ? withoutRoom(error, replica, this.#fleet.rules.retryAfterMs) : error)
    // What reached no server is no load that a retry would double.
    const isFree = failure === 'unreachable'
    if (step === 'give-up' || !(isFree || this.#fleet.mayRetry())) throw last()
    if (step === 'same') return replica
    this.#spent.add(replica)
    const other = step === 'other' ? this.#choose() : undefined
    if (!other && isBusy) throw last()
    return other ?? 'primary'
  }

  /** One that has what is asked for already, or the first that gets there in time. */
  async #elsewhere({ lsn }: BehindSignal, behind: Replica): Promise<Replica | undefined> {
    const others = this.#fleet.serving().filter((replica) => replica !== behind && !this.#spent.has(replica))
    const ahead = others.find((replica) => replica.replayed >= lsn)
    return ahead ?? this.#catchUp.first([behind, ...others], lsn)
  }

  #withoutReplica<T>(send: Send<T>): Promise<T> {
    const { whenLagging, retryAfterMs } = this.#fleet.rules
    if (this.#fleet.serving().length > 0) return this.#shed('behind', send)
    const least = this.#fleet.leastLagging()
    if (!least) return this.#shed('down', send)
    const bearsIt = this.#demand().kind === 'none' && this.#request.maxStalenessMs === undefined
    if (!bearsIt || whenLagging === 'primary') return this.#shed('lagging', send)
    if (whenLagging === 'stale') return this.#onReplica(least, 'stale', send)
    throw new ReadRefusedError('every replica lags more than it may (router.shed.whenLagging)', retryAfterMs)
  }

  #shed<T>(reason: 'behind' | 'lagging' | 'down' | 'failed', send: Send<T>): Promise<T> {
    this.#way = { target: 'primary', reason }
    return this.#fleet.bulkhead.run(this.#request.tenant, (source) => this.#sendToPrimary(source, send))
  }

  /** Again where its connection is lost, as with one database: nobody else can serve it. */
  async #sendToPrimary<T>(source: TenantSource, send: Send<T>): Promise<T> {
    const { reader } = this.#request
    for (let resends = RESENDS; ; resends -= 1) {
      this.#attempts += 1
      const watch = reader ? this.#fleet.watchPrimary(reader, false, this.#demand()) : {}
      try {
        return await send({ source, watch, mayResend: () => false })
      } catch (error) {
        if (resends === 0 || classifyReadError(error) !== 'lost' || !this.#fleet.mayRetry()) throw error
      }
    }
  }
}

/** No answer at all: the server would have stopped a statement that takes too long before the deadline, and said so. */
function isSilence(error: unknown): boolean {
  const isConnecting = error instanceof AcquireTimeoutError && error.queue === undefined
  return error instanceof DeadlineError || (isConnecting && error.pool.waiting === 0)
}

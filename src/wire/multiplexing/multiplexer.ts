import { Admission } from '../../admission/admission.ts'
import type { AdmissionRules } from '../../admission/admission-rules.ts'
import type { PoolCounts } from '../../errors/connection.ts'
import { InFlight } from '../../pool/in-flight.ts'
import type { BatchConnection } from '../batch-connection.ts'
import { Deadline } from '../deadline.ts'
import { LeasedConnection } from '../leased-connection.ts'
import type { TenantSource } from '../tenant-source.ts'
import { KnownWork } from './known-work.ts'
import { Lane, type LaneHost } from './lane.ts'
import { type LaneDesk, LaneRequest } from './lane-request.ts'
import { MovedSignal } from './moved-signal.ts'
import type { MultiplexRules } from './multiplex-rules.ts'
import { type MultiplexSnapshot, noMultiplexCounts } from './multiplex-snapshot.ts'
import { NewcomerRequest } from './newcomer-request.ts'
import { PlaceRequest } from './place-request.ts'
import type { SharedConnection, SharedWork } from './shared-connection.ts'
import { TimedConnection } from './timed-connection.ts'

/** A further connection is used where each that is used has so many batches on it. */
const GROW_AT = 16
/** So many times `slowMs` is no pause of the machine, but how long it takes. */
const LONG = 2
/** Milliseconds that a connection is shared at a time where somebody waits for one of their own. */
const TURN_MS = 20

/**
 * Lets batches share connections, while earlier ones are in flight: a place on the least busy one, in turn between tenants.
 *
 * What was never seen before goes one at a time on each, so that never more than one of them can turn out to take long. One that takes
 * long has its connection for itself: nothing more is sent on it, and the reads behind it are sent again elsewhere. The
 * next time it is known, and leases a connection of its own. Of those there are never so many that none is left for the others: a
 * read that was not known, and is one too many, is stopped and waits its turn.
 */
export class Multiplexer {
  readonly #source: TenantSource
  readonly #rules: MultiplexRules
  readonly #connections: number
  /** Those that take batches. */
  readonly #lanes = new Set<Lane>()
  readonly #shared: Admission
  readonly #laneDesk: LaneDesk
  readonly #laneHost: LaneHost
  readonly #waiting = new InFlight<PlaceRequest>()
  /** Places of work that takes long, on a connection of its own or at the head of one that was shared. */
  readonly #slow: Admission
  readonly #slowHeads = new Map<Lane, PlaceRequest>()
  /** Places of work of which nobody knows yet how long it takes. */
  readonly #newcomers: Admission
  readonly #known = new KnownWork()
  readonly #counts = noMultiplexCounts()
  #opening = 0

  /** @param connections as many as the pool may have */
  constructor(source: TenantSource, rules: MultiplexRules, admission: AdmissionRules, connections: number) {
    this.#source = source
    this.#rules = rules
    this.#connections = connections
    this.#shared = new Admission(0, admission)
    // One in four, and at least one, is left for what is quick; of a single one nothing can be left.
    const left = connections > 1 ? Math.max(1, Math.floor(connections / 4)) : 0
    this.#slow = new Admission(connections - left, admission)
    this.#newcomers = new Admission(1, admission)
    this.#laneDesk = { ...this.#desk(this.#shared), chooseLane: (work) => this.#leastBusy(work) }
    this.#laneHost = {
      slowMs: rules.slowMs,
      onSlow: (lane) => this.#isolate(lane),
      onSlowAnswer: (batch, tookMs) => this.#learn(batch, tookMs),
      onProgress: (lane) => this.#mayClose(lane),
      onEnded: (lane) => this.#ended(lane),
    }
  }

  /** Whether work of this kind is shared at all. */
  takes({ isRead }: Pick<SharedWork, 'isRead'>): boolean {
    return isRead || this.#rules.writes
  }

  /**
   * A place on a connection that is shared, or a connection of its own for what is known to take long.
   *
   * @param isBegun whether it is for work that had begun before `close()`
   * @throws what {@link LeasedConnection.open} throws
   */
  async open(
    work: SharedWork,
    deadline: Deadline,
    signal?: AbortSignal,
    isBegun = false,
  ): Promise<BatchConnection> {
    if (!isBegun) this.#source.admission.refuseIfClosed()
    signal?.throwIfAborted()
    const { tenant, statements } = work
    if (this.#known.isSlow(tenant, statements)) return this.#openSlow(work, deadline, signal)
    if (this.#known.isQuick(statements)) return this.#share(work, deadline, signal)
    const newcomer = new NewcomerRequest(this.#desk(this.#newcomers), work, this.#waitMs(deadline))
    return this.#holding(newcomer, work, signal, () => {
      // What others found out while it waited holds for it too.
      if (!this.#known.isSlow(tenant, statements)) return this.#share({ ...work, newcomer }, deadline, signal)
      newcomer.release()
      return this.#openSlow(work, deadline, signal)
    })
  }

  #openSlow(work: SharedWork, deadline: Deadline, signal: AbortSignal | undefined): Promise<BatchConnection> {
    const place = new PlaceRequest(this.#desk(this.#slow), work.tenant, this.#waitMs(deadline))
    return this.#holding(place, work, signal, () =>
      LeasedConnection.open(this.#source, work.tenant, deadline, signal, true),
    )
  }

  /** A place on a connection that is shared. */
  async #share(
    work: SharedWork,
    deadline: Deadline,
    signal: AbortSignal | undefined,
  ): Promise<BatchConnection> {
    const request = new LaneRequest(this.#laneDesk, work, this.#waitMs(deadline))
    if (!request.enter()) await this.#wait(request, signal)
    else if (request.connection.load > GROW_AT) this.#grow(request)
    this.#counts.batches += 1
    return request.connection
  }

  /** A connection for work that holds a place among others of its kind for as long as it has it. */
  #holding(
    place: PlaceRequest,
    { tenant, statements }: SharedWork,
    signal: AbortSignal | undefined,
    open: () => Promise<BatchConnection>,
  ): Promise<BatchConnection> {
    return this.#waiting.track(place, async () => {
      if (!place.enter()) await place.admitted(signal)
      try {
        return new TimedConnection(await open(), ({ tookMs, isAnswered }) => {
          place.release()
          if (!isAnswered || tookMs >= this.#rules.slowMs) return
          this.#known.wasQuick(tenant, statements)
          this.#letQuickPass()
        })
      } catch (error) {
        place.release()
        throw error
      }
    })
  }

  snapshot(): MultiplexSnapshot {
    const { inUse, waiting } = this.#shared.snapshot()
    return Object.freeze({
      ...this.#counts,
      connections: this.#lanes.size,
      inFlight: inUse,
      waiting: waiting + this.#slow.waiting + this.#newcomers.waiting,
      knownSlow: this.#known.slowSize,
    })
  }

  /** Settles when nobody waits any more; has no limit of its own. */
  empty(): Promise<void> {
    return this.#waiting.empty()
  }

  /** Answers those who wait with the cause. */
  endAll(cause: unknown): void {
    for (const request of this.#waiting.list()) request.cancel(cause)
  }

  #wait(request: LaneRequest, signal: AbortSignal | undefined): Promise<void> {
    return this.#waiting.track(request, () => {
      this.#grow(request)
      return request.admitted(signal)
    })
  }

  /** Who waits with a text that is known by now needs not be the only one of its kind. */
  #letQuickPass(): void {
    if (this.#newcomers.waiting === 0) return
    for (const request of this.#waiting.list()) {
      if (request instanceof NewcomerRequest && this.#known.isQuick(request.work.statements)) request.pass()
    }
  }

  /** Shares one more connection of the pool, if there may be one. @param first who is served in whose turn */
  #grow({ tenant }: PlaceRequest): void {
    if (this.#lanes.size + this.#opening >= this.#connections) return
    // Each that is about to come has room for more than this.
    if (this.#opening * this.#rules.depth >= Math.max(1, this.#shared.waiting)) return
    this.#opening += 1
    const deadline = new Deadline(this.#source.acquireTimeoutMs)
    LeasedConnection.open(this.#source, tenant, deadline, undefined, true).then(
      (connection) => {
        this.#opening -= 1
        this.#counts.opened += 1
        this.#lanes.add(new Lane(connection, this.#rules.depth, this.#laneHost))
        this.#resize()
        // Who had asked for it may have given up, and it may be too little for those who have not.
        for (const lane of this.#lanes) this.#mayClose(lane)
        this.#growForWaiting()
      },
      (error: unknown) => {
        this.#opening -= 1
        // Those that have a connection, or are about to, serve who waits.
        if (this.#lanes.size + this.#opening === 0) this.#refuseWaiting(error)
      },
    )
  }

  /** Its head takes long. */
  #isolate(lane: Lane): void {
    const { head } = lane
    this.#close(lane)
    this.#counts.moved += lane.moveOthers()
    if (!head || this.#slowHeads.has(lane)) return
    this.#counts.slow += 1
    const { tenant, statements, isRead, newcomer } = head.work
    newcomer?.release()
    // A pause of the machine is told from what takes long by the end of it, unless it was never quick.
    this.#known.doubt(statements)
    if (newcomer) this.#known.wasSlow(tenant, statements)
    if (this.#slow.hasRoom || !isRead) {
      const place = new PlaceRequest(this.#desk(this.#slow), tenant, 0)
      this.#slowHeads.set(lane, place)
      if (this.#slow.hasRoom) place.enter()
    } else {
      this.#counts.stopped += 1
      this.#known.wasSlow(tenant, statements)
      lane.abandon(head, new MovedSignal())
    }
  }

  #learn({ work: { tenant, statements } }: SharedConnection, tookMs: number): void {
    if (tookMs >= LONG * this.#rules.slowMs) this.#known.wasSlow(tenant, statements)
  }

  /** A connection that nobody uses goes back to the pool; one that others wait for does so after its turn. */
  #mayClose(lane: Lane): void {
    const isWanted = this.#source.admission.waiting > 0
    const isOver = isWanted && (lane.isIdle || performance.now() - lane.openedAtMs >= TURN_MS)
    if (!lane.isOpen || isOver) this.#close(lane)
    else if (lane.isIdle) lane.closeWhenIdle()
  }

  #close(lane: Lane): void {
    if (!this.#lanes.delete(lane)) return
    this.#resize()
    for (const batch of lane.batches()) batch.leavePlace()
    lane.close()
    this.#growForWaiting()
  }

  #growForWaiting(): void {
    const next = this.#shared.waiting > 0 && this.#waiting.list().find(isForLane)
    if (next) this.#grow(next)
  }

  #refuseWaiting(error: unknown): void {
    for (const request of this.#waiting.list()) if (isForLane(request)) request.cancel(error)
  }

  #ended(lane: Lane): void {
    this.#close(lane)
    this.#slowHeads.get(lane)?.release()
    this.#slowHeads.delete(lane)
  }

  #resize(): void {
    const nowMs = performance.now()
    let places = 0
    for (const { depth } of this.#lanes) places += depth
    this.#shared.resize(places, nowMs)
    this.#newcomers.resize(Math.max(1, this.#lanes.size), nowMs)
  }

  #leastBusy({ newcomer }: SharedWork): Lane {
    // One that has just been lost is still counted; what is sent on it fails before its first byte.
    const cost = ({ isOpen, newcomers, load, depth }: Lane) => {
      if (!isOpen || load >= depth) return Number.POSITIVE_INFINITY
      return newcomer ? newcomers * this.#rules.depth + load : load
    }
    let least: Lane | undefined
    for (const lane of this.#lanes) if (!least || cost(lane) < cost(least)) least = lane
    if (!least) throw new Error('A place was given where there is no connection.')
    return least
  }

  #waitMs(deadline: Deadline): number {
    return Math.min(this.#source.acquireTimeoutMs, deadline.remainingMs())
  }

  #desk(admission: Admission) {
    return { admission, poolCounts: () => this.#poolCounts() }
  }

  #poolCounts(): PoolCounts {
    const { totalCount: total, idleCount: idle, waitingCount: waiting } = this.#source.pool
    return { total, idle, waiting }
  }
}

function isForLane(request: PlaceRequest): boolean {
  return request instanceof LaneRequest
}

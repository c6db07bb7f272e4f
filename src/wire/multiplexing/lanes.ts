import { Admission } from '../../admission/admission.ts'
import type { AdmissionRules } from '../../admission/admission-rules.ts'
import type { ContextTenant } from '../../context/no-tenant.ts'
import { InFlight } from '../../pool/in-flight.ts'
import { Deadline } from '../deadline.ts'
import { LeasedConnection } from '../leased-connection.ts'
import type { TenantSource } from '../tenant-source.ts'
import { Lane, type LaneHost } from './lane.ts'
import { type LaneDesk, LaneRequest } from './lane-request.ts'
import type { PlaceDesk } from './place-request.ts'
import type { SharedConnection } from './shared-connection.ts'
import type { SharedWork } from './shared-work.ts'

/** A further connection is used where each that is used has so many batches on it. */
const GROW_AT = 16
/** Milliseconds that a connection is shared at a time where somebody waits for one of their own. */
const TURN_MS = 20

/** What lanes tell who made them. */
export interface LanesHost extends Pick<LaneHost, 'onSlow' | 'onEnded'> {
  /** There are more of them than before, or fewer. */
  onResized(): void
}

/** What lanes are made by. */
export interface LanesOptions {
  readonly source: TenantSource
  /** Batches at once on one connection. */
  readonly depth: number
  readonly slowMs: number
  /** As many as there may be. */
  readonly most: number
  readonly admission: AdmissionRules
}

/**
 * The connections of a pool that batches share: opened as they are wanted, given back to the pool when they are not. Places on them are
 * given in turn between tenants, each on the least busy one.
 */
export class Lanes {
  readonly #options: LanesOptions
  readonly #host: LanesHost
  readonly #laneHost: LaneHost
  readonly #lanes = new Set<Lane>()
  readonly #admission: Admission
  readonly #desk: LaneDesk
  readonly #waiting = new InFlight<LaneRequest>()
  #opening = 0
  #opened = 0
  #moved = 0

  constructor(options: LanesOptions, desk: Pick<PlaceDesk, 'poolCounts'>, host: LanesHost) {
    this.#options = options
    this.#host = host
    this.#admission = new Admission(0, options.admission)
    this.#desk = {
      admission: this.#admission,
      poolCounts: desk.poolCounts,
      chooseLane: (work) => this.#leastBusy(work),
    }
    this.#laneHost = {
      slowMs: options.slowMs,
      onSlow: host.onSlow,
      onProgress: (lane) => this.#mayClose(lane),
      onEnded: (lane) => {
        this.close(lane)
        host.onEnded(lane)
      },
    }
  }

  get size(): number {
    return this.#lanes.size
  }

  /** So many were opened, ever. */
  get opened(): number {
    return this.#opened
  }

  /** So many batches were sent again elsewhere, ever. */
  get moved(): number {
    return this.#moved
  }

  get inFlight(): number {
    return this.#admission.snapshot().inUse
  }

  get waiting(): number {
    return this.#admission.waiting
  }

  /** A place on one of them. @throws {AcquireTimeoutError} {@link QueueFullError}; and the signal's reason */
  async share(work: SharedWork, waitMs: number, signal: AbortSignal | undefined): Promise<SharedConnection> {
    const request = new LaneRequest(this.#desk, work, waitMs)
    if (!request.enter()) await this.#wait(request, signal)
    const { connection } = request
    if (connection.load > GROW_AT || connection.isBesideNewcomer) this.#grow(work.tenant)
    return connection
  }

  /** Has a lane take nothing further. */
  close(lane: Lane): void {
    if (!this.#lanes.delete(lane)) return
    this.#resize()
    for (const batch of lane.batches()) batch.leavePlace()
    lane.close()
    this.#growForWaiting()
  }

  /** Has the reads behind the head of a lane sent again elsewhere. */
  moveOthers(lane: Lane): void {
    this.#moved += lane.moveOthers()
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
      this.#grow(request.tenant)
      return request.admitted(signal)
    })
  }

  /** Shares one more connection of the pool, if there may be one. @param first who is served in whose turn */
  #grow(first: ContextTenant): void {
    const { source, depth, most } = this.#options
    if (this.#lanes.size + this.#opening >= most) return
    // Each that is about to come has room for more than this.
    if (this.#opening * depth >= Math.max(1, this.#admission.waiting)) return
    this.#opening += 1
    LeasedConnection.open(source, first, new Deadline(source.acquireTimeoutMs), undefined, true).then(
      (connection) => this.#add(new Lane(connection, depth, this.#laneHost)),
      (error: unknown) => {
        this.#opening -= 1
        // Those that have a connection, or are about to, serve who waits.
        if (this.#lanes.size + this.#opening === 0) this.endAll(error)
      },
    )
  }

  #add(lane: Lane): void {
    this.#opening -= 1
    this.#opened += 1
    this.#lanes.add(lane)
    this.#resize()
    // Who had asked for it may have given up, and it may be too little for those who have not.
    for (const each of this.#lanes) {
      this.#mayClose(each)
      // Nobody knows how long that takes, and there is now a connection where nothing of the kind runs.
      if (each.head?.work.newcomer) this.moveOthers(each)
    }
    this.#growForWaiting()
  }

  /** A connection that nobody uses goes back to the pool; one that others wait for does so after its turn. */
  #mayClose(lane: Lane): void {
    const isWanted = this.#options.source.admission.waiting > 0
    const isOver = isWanted && (lane.isIdle || performance.now() - lane.openedAtMs >= TURN_MS)
    if (!lane.isOpen || isOver) this.close(lane)
    else if (lane.isIdle) lane.closeWhenIdle()
  }

  #growForWaiting(): void {
    const [next] = this.#admission.waiting > 0 ? this.#waiting.list() : []
    if (next) this.#grow(next.tenant)
  }

  #resize(): void {
    let places = 0
    for (const { depth } of this.#lanes) places += depth
    this.#admission.resize(places, performance.now())
    this.#host.onResized()
  }

  #leastBusy({ newcomer }: SharedWork): Lane {
    // One that has just been lost is still counted; what is sent on it fails before its first byte.
    const cost = ({ isOpen, newcomers, load, depth }: Lane) => {
      if (!isOpen || load >= depth) return Number.POSITIVE_INFINITY
      if (newcomer) return newcomers * this.#options.depth + load
      // What is known to be quick keeps away from what may turn out to take long, while others have room.
      return newcomers > 0 ? load + this.#options.depth : load
    }
    let least: Lane | undefined
    for (const lane of this.#lanes) if (!least || cost(lane) < cost(least)) least = lane
    if (!least) throw new Error('A place was given where there is no connection.')
    return least
  }
}

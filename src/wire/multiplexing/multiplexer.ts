import { Admission } from '../../admission/admission.ts'
import type { AdmissionRules } from '../../admission/admission-rules.ts'
import type { PoolCounts } from '../../errors/connection.ts'
import { InFlight } from '../../pool/in-flight.ts'
import type { BatchConnection } from '../batch-connection.ts'
import type { BatchSharing } from '../batch-sharing.ts'
import type { Deadline } from '../deadline.ts'
import { LeasedConnection } from '../leased-connection.ts'
import type { TenantSource } from '../tenant-source.ts'
import { KnownWork } from './known-work.ts'
import type { Lane } from './lane.ts'
import { Lanes } from './lanes.ts'
import { MovedSignal } from './moved-signal.ts'
import type { MultiplexRules } from './multiplex-rules.ts'
import { type MultiplexSnapshot, noMultiplexCounts } from './multiplex-snapshot.ts'
import { NewcomerRequest } from './newcomer-request.ts'
import { PlaceRequest } from './place-request.ts'
import type { SharedWork } from './shared-work.ts'
import { TimedConnection } from './timed-connection.ts'

/**
 * Lets batches share connections, while earlier ones are in flight: a place on the least busy one, in turn between tenants.
 *
 * What was never seen before goes one at a time on each but one, so that what is known has a connection where nothing can turn out to
 * take long. One that takes long has its connection for itself: nothing more is sent on it, and the reads behind it are sent again elsewhere. The
 * next time it is known, and leases a connection of its own. Of those there are never so many that none is left for the others: a
 * read that was not known, and is one too many, is stopped and waits its turn.
 */
export class Multiplexer implements BatchSharing {
  readonly #source: TenantSource
  readonly #rules: MultiplexRules
  readonly #lanes: Lanes
  readonly #waiting = new InFlight<PlaceRequest>()
  /** Places of work that takes long, on a connection of its own or at the head of one that was shared. */
  readonly #slow: Admission
  readonly #slowHeads = new Map<Lane, PlaceRequest>()
  /** Places of work of which nobody knows yet how long it takes. */
  readonly #newcomers: Admission
  readonly #known = new KnownWork()
  readonly #counts = noMultiplexCounts()

  /** @param connections as many as the pool may have */
  constructor(source: TenantSource, rules: MultiplexRules, admission: AdmissionRules, connections: number) {
    this.#source = source
    this.#rules = rules
    const { depth, slowMs } = rules
    this.#lanes = new Lanes({ source, depth, slowMs, most: connections, admission }, this, {
      onSlow: (lane) => this.#isolate(lane),
      onEnded: (lane) => this.#ended(lane),
      onResized: () => this.#newcomers.resize(Math.max(1, this.#lanes.size - 1), performance.now()),
    })
    // One in four, and at least one, is left for what is quick; of a single one nothing can be left.
    const left = connections > 1 ? Math.max(1, Math.floor(connections / 4)) : 0
    this.#slow = new Admission(connections - left, admission)
    this.#newcomers = new Admission(1, admission)
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
    const connection = await this.#lanes.share(work, this.#waitMs(deadline), signal)
    this.#counts.batches += 1
    return connection
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
    const { size, opened, moved, inFlight, waiting } = this.#lanes
    return Object.freeze({
      ...this.#counts,
      opened,
      moved,
      connections: size,
      inFlight,
      waiting: waiting + this.#slow.waiting + this.#newcomers.waiting,
      knownSlow: this.#known.slowSize,
    })
  }

  /** Settles when nobody waits any more; has no limit of its own. */
  async empty(): Promise<void> {
    await Promise.all([this.#waiting.empty(), this.#lanes.empty()])
  }

  /** Answers those who wait with the cause. */
  endAll(cause: unknown): void {
    for (const request of this.#waiting.list()) request.cancel(cause)
    this.#lanes.endAll(cause)
  }

  /** Who waits with a text that is known by now needs not be the only one of its kind. */
  #letQuickPass(): void {
    if (this.#newcomers.waiting === 0) return
    for (const request of this.#waiting.list()) {
      if (request instanceof NewcomerRequest && this.#known.isQuick(request.work.statements)) request.pass()
    }
  }

  /** Its head takes long. */
  #isolate(lane: Lane): void {
    const { head } = lane
    this.#lanes.close(lane)
    this.#lanes.moveOthers(lane)
    if (!head || this.#slowHeads.has(lane)) return
    this.#counts.slow += 1
    const { tenant, statements, isRead, newcomer } = head.work
    newcomer?.release()
    // What was quick until now may have met a pause of the machine. It is tried once more, as what nobody knows is.
    this.#known.doubt(statements)
    if (newcomer) this.#known.wasSlow(tenant, statements)
    if (this.#slow.hasRoom || !isRead) {
      const place = new PlaceRequest(this.#desk(this.#slow), tenant, 0)
      this.#slowHeads.set(lane, place)
      if (this.#slow.hasRoom) place.enter()
    } else {
      this.#counts.stopped += 1
      lane.abandon(head, new MovedSignal())
    }
  }

  #ended(lane: Lane): void {
    this.#slowHeads.get(lane)?.release()
    this.#slowHeads.delete(lane)
  }

  #waitMs(deadline: Deadline): number {
    return Math.min(this.#source.acquireTimeoutMs, deadline.remainingMs())
  }

  #desk(admission: Admission) {
    return { admission, poolCounts: this.poolCounts }
  }

  /** @internal */
  readonly poolCounts = (): PoolCounts => {
    const { totalCount: total, idleCount: idle, waitingCount: waiting } = this.#source.pool
    return { total, idle, waiting }
  }
}

import type { PgPool } from '../pool/pg-pool.ts'
import { type Route, routeEvents } from '../telemetry.ts'
import type { PositionWatch } from '../wire/position-watch.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import type { Balancer } from './balance/candidate.ts'
import { createBalancer } from './balance/create-balancer.ts'
import { preferZone } from './balance/prefer-zone.ts'
import { LagRing } from './health/lag-ring.ts'
import { LatencyWatch } from './health/latency.ts'
import { LoopWatch } from './health/loop-watch.ts'
import { relativeWeights } from './health/weight.ts'
import { Prober } from './probe/prober.ts'
import { Probing } from './probing.ts'
import type { Reader } from './reader.ts'
import { Replica, type ReplicaName } from './replica.ts'
import type { RouterRules } from './resolve-router.ts'
import { RetryBudget } from './retry/retry-budget.ts'
import { RouteCounts } from './route-counts.ts'
import { Bulkhead } from './shed/bulkhead.ts'
import type { Demand } from './token/demand.ts'

/** How many times as long as its limit a probe may wait in a pooler: longer than anybody should there (`query_wait_timeout`). */
const QUEUE_PROBES = 20

/** What is asked of a choice. */
export interface Choice {
  /** Those that were tried. */
  readonly spent: ReadonlySet<Replica>
  readonly demand: Demand
  readonly maxStalenessMs: number | undefined
}

/** A server, and the pool itself through which it is reached. */
export interface FleetServer {
  readonly source: TenantSource
  readonly pool: PgPool
}

/** The servers that work is to be sent to. */
export interface FleetParts {
  readonly primary: FleetServer
  readonly bulkhead: TenantSource
  readonly replicas: readonly (FleetServer & ReplicaName)[]
}

/** The servers of one database object, as they stand now. */
export class Fleet {
  readonly rules: RouterRules
  readonly primary: TenantSource
  readonly bulkhead: Bulkhead
  readonly counts: RouteCounts = new RouteCounts()
  readonly replicas: readonly Replica[]
  readonly #probing: Probing
  readonly #ring: LagRing
  readonly #latency = new LatencyWatch()
  readonly #balancer: Balancer
  readonly #retries: RetryBudget
  readonly #loop = new LoopWatch()

  constructor(rules: RouterRules, { primary, bulkhead, replicas }: FleetParts) {
    const prober = (pool: PgPool, queueMs = 0) => new Prober(pool, rules.timeoutMs, queueMs)
    this.rules = rules
    this.primary = primary.source
    this.bulkhead = new Bulkhead(bulkhead, rules)
    this.replicas = replicas.map(
      (replica) =>
        new Replica(
          replica,
          replica.source,
          prober(replica.pool, QUEUE_PROBES * rules.timeoutMs),
          rules.health,
        ),
    )
    this.#ring = new LagRing()
    this.#probing = new Probing(prober(primary.pool), this.replicas, this.#ring, rules.intervalMs, () =>
      this.#afterRound(),
    )
    this.#balancer = createBalancer(rules.balance)
    this.#retries = new RetryBudget({ ratio: rules.retryRatio })
  }

  /** Settles when it is known how the servers stand; at once, but for the first time. */
  ready(): Promise<void> {
    this.#loop.start()
    return this.#probing.started()
  }

  /** Whether the primary answered the last time that it was asked. */
  get primaryAnswers(): boolean {
    return this.#probing.primaryAnswers
  }

  countRead(): void {
    this.#retries.countRequest()
    this.bulkhead.countRead()
  }

  mayRetry(): boolean {
    return this.#retries.mayRetry()
  }

  /** Replicas that may serve, whatever they have replayed. */
  serving(): readonly Replica[] {
    return this.replicas.filter((replica) => replica.mayServe)
  }

  /** Of the replicas that lag more than they may, the one that lags least. */
  leastLagging(): Replica | undefined {
    const lagging = this.replicas.filter(({ health }) => health.state === 'lagging')
    return lagging.reduce<Replica | undefined>(
      (least, next) => (least && least.replayed >= next.replayed ? least : next),
      undefined,
    )
  }

  /**
   * The replica for the next read. Those that are known to have what is asked for go first; of the others, one may have caught up
   * since it was last heard of.
   */
  choose({ spent, demand, maxStalenessMs }: Choice): Replica | undefined {
    const nowMs = performance.now()
    const able = this.serving().filter(
      (replica) =>
        !spent.has(replica) &&
        (demand.kind !== 'position' || replica.timeline === demand.position.timeline) &&
        (maxStalenessMs === undefined || this.#mayLag(replica, maxStalenessMs, nowMs)),
    )
    const sure =
      demand.kind === 'position' ? able.filter(({ replayed }) => replayed >= demand.position.lsn) : able
    const candidates = preferZone(sure.length > 0 ? sure : able, this.rules.az)
    return this.#balancer.pick(candidates, Math.random())
  }

  /** What the next read of a reader must see. */
  demandOf(reader: Reader): Demand {
    return reader.demand(this.#probing.primaryPosition)
  }

  watchPrimary(reader: Reader, wrote: boolean, demand?: Demand): PositionWatch {
    return { closed: (at) => reader.sawPrimary(at, wrote, demand) }
  }

  /** Starts to take the time of a read; what comes back gives it, in milliseconds, and whether the process stood still in it. */
  stopwatch(): () => { readonly latencyMs: number; readonly stalled: boolean } {
    const startedAt = performance.now()
    return () => {
      const now = performance.now()
      return { latencyMs: now - startedAt, stalled: this.#loop.stoodStillSince(startedAt) }
    }
  }

  noteServed(
    replica: Replica,
    { latencyMs, stalled }: { readonly latencyMs: number; readonly stalled: boolean },
  ): void {
    const atMs = performance.now()
    replica.countServed(atMs)
    // What comes late from one that has been ejected says nothing of how it will be when it is back.
    if (!replica.mayServe) return
    this.#latency.record(replica.id, { atMs, latencyMs, stalled })
    if (this.#latency.isSuspicious({ latencyMs, stalled })) this.#ejectSlow(this.serving(), atMs)
  }

  /** A read got no connection to the replica, or lost it. */
  noteFailed(replica: Replica, sentAtMs: number): void {
    replica.countFailed(sentAtMs, performance.now())
  }

  /** The replica answered that it is none. What else it is, its next probe says. */
  notePromoted(replica: Replica): void {
    replica.signal({
      kind: 'probe-ok',
      atMs: performance.now(),
      inRecovery: false,
      sameSystem: true,
      timeline: undefined,
      lagBytes: undefined,
      lagMs: undefined,
    })
  }

  /** How far a replica is behind, as of its last probe; see {@link LagRing}. */
  lagOf(
    { replayed }: Replica,
    nowMs: number,
  ): { readonly ms: number | undefined; readonly bytes: number | undefined } {
    return { ms: this.#ring.lagMs(replayed, nowMs), bytes: this.#ring.lagBytes(replayed) }
  }

  noteRoute(route: Route, durationMs: number): void {
    this.counts.add(route)
    routeEvents.publish(() => ({ ...route, durationMs }))
  }

  /** A limit on staleness is for what is known: a primary that does not answer leaves nothing to know it by. */
  #mayLag(replica: Replica, maxMs: number, nowMs: number): boolean {
    const { ms } = this.lagOf(replica, nowMs)
    return ms !== undefined && ms <= maxMs && this.#ring.frozenSinceMs === undefined
  }

  #ejectSlow(serving: readonly Replica[], nowMs: number): void {
    const ids = serving.map(({ id }) => id)
    const ejected = this.replicas.filter(({ health }) => health.ejectedFor === 'latency').length
    for (const id of this.#latency.outliers(ids, ejected, nowMs)) {
      this.#latency.putOnProbation(id)
      this.replicas.find((replica) => replica.id === id)?.signal({ kind: 'too-slow', atMs: nowMs })
    }
  }

  #afterRound(): void {
    const nowMs = performance.now()
    const serving = this.serving()
    this.#ejectSlow(serving, nowMs)
    const weights = relativeWeights(
      serving.map(({ health }) => health),
      nowMs,
      this.rules.health,
    )
    for (const [index, replica] of serving.entries()) replica.warm(weights[index] ?? 1)
  }

  close(): void {
    this.#probing.close()
    this.#loop.stop()
  }
}

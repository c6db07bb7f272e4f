import type { Balancer, Candidate } from '../../../../src/router/balance/candidate.ts'
import { Random } from '../../../support/random.ts'

/** Connections that each replica's pool has; further reads queue for one. */
const POOL = 10
const SERVICE_MS = 20
const READS_PER_REPLICA_PER_SECOND = 200

/** What happens to the replicas, and what a router makes of it. */
export interface Course {
  readonly replicas: number
  readonly seed: number
  readonly lengthMs: number
  /** How much longer a replica takes for a read that it begins at this time; 1 is healthy. */
  readonly slowness: (replica: number, atMs: number) => number
  readonly balancer: Balancer
  /** The weight that a replica has now; 0 takes it out. */
  readonly weight?: (id: string, atMs: number) => number
  /** Called for each answer, in the order in which they come. */
  readonly answered?: (id: string, latencyMs: number, atMs: number) => void
}

export interface Read {
  readonly replica: number
  readonly atMs: number
  readonly latencyMs: number
}

/** One replica behind its pool: first come, first served. */
class Station {
  readonly id: string
  readonly az = undefined
  weight = 1
  readonly #freeAt: number[] = new Array<number>(POOL).fill(0)
  readonly #pending: Read[] = []

  constructor(index: number) {
    this.id = `r${index}`
  }

  get outstanding(): number {
    return this.#pending.length
  }

  /** When the next read that comes would begin. */
  begin(atMs: number): number {
    return Math.max(atMs, Math.min(...this.#freeAt))
  }

  serve(read: Read): void {
    this.#freeAt[this.#freeAt.indexOf(Math.min(...this.#freeAt))] = read.atMs + read.latencyMs
    this.#pending.push(read)
  }

  takeAnswered(atMs: number): Read[] {
    const done = this.#pending.filter((read) => read.atMs + read.latencyMs <= atMs)
    for (const read of done) this.#pending.splice(this.#pending.indexOf(read), 1)
    return done
  }
}

/**
 * Reads that arrive at a steady average rate whatever becomes of those before them, as users do: a load that waits for its
 * answers would hide a slow replica by asking less of it.
 */
export function simulateOpenLoop(course: Course): Read[] {
  const random = new Random(course.seed)
  const fraction = () => random.below(2 ** 30) / 2 ** 30
  const exponential = (mean: number) => -mean * Math.log(1 - fraction())
  const stations = Array.from({ length: course.replicas }, (_, index) => new Station(index))
  const gapMs = 1_000 / (READS_PER_REPLICA_PER_SECOND * course.replicas)
  const reads: Read[] = []
  for (let atMs = exponential(gapMs); atMs < course.lengthMs; atMs += exponential(gapMs)) {
    deliver(course, stations, atMs)
    for (const station of stations) station.weight = course.weight?.(station.id, atMs) ?? 1
    const candidates: (Station & Candidate)[] = stations.filter(({ weight }) => weight > 0)
    const picked = course.balancer.pick(candidates, fraction())
    if (!picked) throw new Error('No candidate was picked.')
    const replica = stations.indexOf(picked)
    const beginMs = picked.begin(atMs)
    const serviceMs = exponential(SERVICE_MS) * course.slowness(replica, beginMs)
    const read = { replica, atMs, latencyMs: beginMs - atMs + serviceMs }
    picked.serve(read)
    reads.push(read)
  }
  return reads
}

function deliver(course: Course, stations: readonly Station[], atMs: number): void {
  const endOf = (read: Read) => read.atMs + read.latencyMs
  const done = stations.flatMap((station) => station.takeAnswered(atMs))
  for (const read of done.sort((a, b) => endOf(a) - endOf(b))) {
    course.answered?.(`r${read.replica}`, read.latencyMs, endOf(read))
  }
}

/** The latency in ms that a share of the reads does not exceed. */
export function percentile(reads: readonly Read[], share: number): number {
  const sorted = reads.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
}

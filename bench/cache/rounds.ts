import type { HitReply, Latency } from './messages.ts'
import type { PeerChild } from './peer-child.ts'
import { HIT_SCENARIOS, type HitScenario } from './scenario.ts'

/** What one peer did in one scenario, over all rounds. */
export interface Course {
  /** Of each round. */
  readonly opsPerSecond: readonly number[]
  /** Of each round, in microseconds. */
  readonly p50Us: readonly number[]
  readonly operations: number
  readonly elapsedMs: number
  readonly cpuUs: number
  readonly latency: Latency
}

export type Courses = ReadonlyMap<HitScenario, ReadonlyMap<string, Course>>

/** What is run. */
export interface RoundsPlan {
  readonly peers: ReadonlyMap<string, PeerChild>
  readonly rounds: number
  readonly sliceMs: number
  log(line: string): void
}

/** How long each peer works unmeasured first, in each scenario. */
const WARM_UP_MS = 1_000

/**
 * Has every peer work for one slice in each scenario, one after the other, round after round, so that whatever else the
 * machine does meets all of them. Each round begins with another peer.
 */
export async function runRounds({ peers, rounds, sliceMs, log }: RoundsPlan): Promise<Courses> {
  const courses = new Map(HIT_SCENARIOS.map((scenario) => [scenario, new Map<string, Course>()]))
  log('Warming up')
  for (const scenario of HIT_SCENARIOS) {
    for (const child of peers.values()) await slice(child, scenario, WARM_UP_MS, true)
  }
  for (let round = 0; round < rounds; round += 1) {
    log(`Round ${round + 1} of ${rounds}`)
    for (const [scenario, course] of courses) {
      for (const [peer, child] of rotate([...peers], round)) {
        course.set(peer, extend(course.get(peer), await slice(child, scenario, sliceMs, false)))
      }
    }
  }
  return courses
}

type Done = Exclude<HitReply, { error: string }>

function slice(child: PeerChild, scenario: HitScenario, durationMs: number, warmUp: boolean): Promise<Done> {
  return child.ask<HitReply>({ kind: 'hits', scenario, durationMs, warmUp }, durationMs)
}

function extend(course: Course | undefined, { slice: added, latency }: Done): Course {
  const { operations, elapsedMs, cpuUs, p50Us } = added
  return {
    opsPerSecond: [...(course?.opsPerSecond ?? []), (operations / elapsedMs) * 1_000],
    p50Us: [...(course?.p50Us ?? []), p50Us],
    operations: (course?.operations ?? 0) + operations,
    elapsedMs: (course?.elapsedMs ?? 0) + elapsedMs,
    cpuUs: (course?.cpuUs ?? 0) + cpuUs,
    latency,
  }
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

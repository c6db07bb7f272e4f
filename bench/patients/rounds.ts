import type { Distance } from '../topology/distance.ts'
import type { Latency } from './peer-messages.ts'
import type { SliceDone, Worker } from './worker.ts'
import type { Workload } from './workload.ts'

/** One workload at one distance. */
export interface Scenario {
  readonly name: string
  readonly workload: Workload
  readonly distance: Distance
}

/** What one peer did in one scenario, over all rounds. */
export interface Course {
  readonly opsPerSecond: number[]
  operations: number
  elapsedMs: number
  cpuUs: number
  foreignRows: number
  latency: Latency
}

/** By scenario, then peer. */
export type Courses = ReadonlyMap<string, ReadonlyMap<string, Course>>

/** What is run. */
export interface RoundsPlan {
  readonly peers: ReadonlyMap<string, Worker>
  readonly scenarios: readonly Scenario[]
  readonly rounds: number
  readonly sliceMs: number
  /** How many operations of a peer are under way at any time. */
  readonly callers: number
  log(line: string): void
}

/** How long each peer works unmeasured first, in each scenario. */
const WARM_UP_MS = 700

/**
 * Has every peer work for one slice in each scenario, one after the other, round after round, so that whatever else the
 * machine does meets all of them. Each round begins with another peer.
 */
export async function runRounds(plan: RoundsPlan): Promise<Courses> {
  const { peers, scenarios, rounds, sliceMs, callers, log } = plan
  const courses = new Map(scenarios.map(({ name }) => [name, new Map<string, Course>()]))
  log('Warming up')
  for (const { workload, distance } of scenarios) {
    for (const peer of peers.values()) {
      await peer.work({ workload, distance, callers, durationMs: WARM_UP_MS, warmUp: true })
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    log(`Round ${round + 1} of ${rounds}`)
    for (const { name, workload, distance } of scenarios) {
      for (const [label, peer] of rotate([...peers], round)) {
        const done = await peer.work({ workload, distance, callers, durationMs: sliceMs, warmUp: false })
        courses.get(name)?.set(label, extend(courses.get(name)?.get(label), done))
      }
    }
  }
  // In the order of the peers, not in that of the last rotation.
  return new Map(
    [...courses].map(([name, course]) => [
      name,
      new Map([...peers.keys()].flatMap((label) => entry(label, course.get(label)))),
    ]),
  )
}

function entry(label: string, course: Course | undefined): [string, Course][] {
  return course ? [[label, course]] : []
}

function extend(course: Course | undefined, { slice: added, latency }: SliceDone): Course {
  const { operations, elapsedMs, cpuUs, foreignRows } = added
  return {
    opsPerSecond: [...(course?.opsPerSecond ?? []), (operations / elapsedMs) * 1_000],
    operations: (course?.operations ?? 0) + operations,
    elapsedMs: (course?.elapsedMs ?? 0) + elapsedMs,
    cpuUs: (course?.cpuUs ?? 0) + cpuUs,
    foreignRows: (course?.foreignRows ?? 0) + foreignRows,
    latency,
  }
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

import type { Child } from './child.ts'
import type { Distance, Latency, PeerOrder, PeerReply } from './peer-messages.ts'
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

/** What is run. */
export interface RoundsPlan {
  readonly peers: ReadonlyMap<string, Child>
  readonly scenarios: readonly Scenario[]
  readonly rounds: number
  readonly sliceMs: number
  log(line: string): void
}

/** How long each peer works unmeasured first, in each scenario. */
const WARM_UP_MS = 700
const GRACE_MS = 60_000

/**
 * Has every peer work for one slice in each scenario, one after the other, round after round, so that whatever else the
 * machine does meets all of them. Each round begins with another peer.
 */
export async function runRounds(plan: RoundsPlan): Promise<Map<string, Map<string, Course>>> {
  const { peers, scenarios, rounds, sliceMs, log } = plan
  const courses = new Map(scenarios.map(({ name }) => [name, new Map<string, Course>()]))
  log('Warming up')
  for (const { workload, distance } of scenarios) {
    for (const [peer, child] of peers) {
      await slice(peer, child, { workload, distance, durationMs: WARM_UP_MS, warmUp: true })
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    log(`Round ${round + 1} of ${rounds}`)
    for (const { name, workload, distance } of scenarios) {
      for (const [peer, child] of rotate([...peers], round)) {
        const done = await slice(peer, child, { workload, distance, durationMs: sliceMs, warmUp: false })
        courses.get(name)?.set(peer, extend(courses.get(name)?.get(peer), done))
      }
    }
  }
  // In the order of the peers, not in that of the last rotation.
  return new Map(
    [...courses].map(([name, course]) => [
      name,
      new Map([...peers.keys()].flatMap((peer) => entry(peer, course.get(peer)))),
    ]),
  )
}

function entry(peer: string, course: Course | undefined): [string, Course][] {
  return course ? [[peer, course]] : []
}

type Done = Extract<PeerReply, { slice: unknown }>

async function slice(peer: string, child: Child, order: PeerOrder): Promise<Done> {
  const reply = await child.ask<PeerReply>(order, order.durationMs + GRACE_MS)
  if ('error' in reply) throw new Error(`${peer}, ${order.workload}, ${order.distance}: ${reply.error}`)
  return reply
}

function extend(course: Course | undefined, { slice: added, latency }: Done): Course {
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

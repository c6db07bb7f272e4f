import { PeerChild } from '../patients/peer-child.ts'
import { runRounds, type Scenario } from '../patients/rounds.ts'
import { toReport } from '../patients/to-report.ts'
import type { Worker } from '../patients/worker.ts'
import type { Report } from '../report/result.ts'
import { DISTANCES, type Distance } from '../topology/distance.ts'
import { peerOptions, type Topology } from '../topology/topology.ts'
import type { Way } from './ways.ts'

/** How many reads of one way are under way at any time. */
export const CALLERS = 64

/** A way with the build of leasehold that it works with. */
export interface BuiltWay extends Way {
  readonly entry: string
}

/** What is measured together. */
export interface WaysPlan {
  readonly topology: Topology
  /** By label. */
  readonly ways: ReadonlyMap<string, BuiltWay>
  /** Beside the ways, and after them. */
  readonly workers: ReadonlyMap<string, Worker>
  /** The label that ratios are taken to. */
  readonly raw: string
  readonly rounds: number
  /** How long the slices take together. */
  readonly seconds: number
  scenarioAt(distance: Distance): string
  log(line: string): void
}

/** Reads at each distance, every way in a process of its own, in rounds. */
export async function measureWays(plan: WaysPlan): Promise<Report> {
  const { topology, ways, workers, raw, rounds, seconds, scenarioAt, log } = plan
  await using resources = new AsyncDisposableStack()
  const peers = new Map<string, Worker>()
  for (const [label, { peer, entry, connections }] of ways) {
    const start = { peer, options: peerOptions(topology, entry, connections) }
    peers.set(label, resources.use(new PeerChild(label, start)))
  }
  for (const [label, worker] of workers) peers.set(label, worker)
  const scenarios: Scenario[] = DISTANCES.map((distance) => ({
    name: scenarioAt(distance),
    workload: 'read',
    distance,
  }))
  const sliceMs = (seconds * 1_000) / (rounds * scenarios.length * peers.size)
  const settings = { rounds, sliceMs: Math.round(sliceMs) }
  log(JSON.stringify(settings))
  const courses = await runRounds({ peers, scenarios, rounds, sliceMs, callers: CALLERS, log })
  return toReport('connections', settings, courses, raw)
}

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BenchOptions } from '../options.ts'
import { medianRatio } from '../report/median-ratio.ts'
import { type Report, type Result, ratiosOf } from '../report/result.ts'
import { formatTable } from '../report/table.ts'
import { formatTargets, judgeTargets } from '../report/targets.ts'
import type { Suite } from '../suite.ts'
import { Child } from './child.ts'
import { CALLERS } from './load.ts'
import { DISTANCES, type PeerStart } from './peer-messages.ts'
import { LEASEHOLD, PEERS, RAW } from './peers/connect-peer.ts'
import { type Course, runRounds, type Scenario } from './rounds.ts'
import {
  CLIENT_CONNECTIONS,
  measureRoundTrips,
  peerOptions,
  SERVER_CONNECTIONS,
  startTopology,
} from './topology.ts'

const DIST = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

/** One tenant's work through pgbouncer, in the ways that there are. */
export const tenantSuite: Suite = {
  name: 'tenant',
  async run(options, log) {
    const report = await measure(options, log)
    const { settings, results } = report
    const verdicts = options.check ? judgeTargets(report) : []
    const targets = options.check ? `\n\n${formatTargets(verdicts)}` : ''
    const foreignRows = results.reduce((sum, result) => sum + result.foreignRows, 0)
    const missed = verdicts.filter(({ met }) => !met).length
    return {
      text: `${formatTable(results)}${targets}`,
      document: { settings, results, targets: verdicts },
      failures: [
        ...(foreignRows > 0 ? [`${foreignRows} rows of other tenants were answered.`] : []),
        ...(missed > 0 ? [`${missed} targets were missed.`] : []),
      ],
    }
  },
}

async function measure(options: BenchOptions, log: (line: string) => void): Promise<Report> {
  const starts = peersOf(options)
  await using resources = new AsyncDisposableStack()
  log('Starting PostgreSQL and pgbouncer')
  const topology = await startTopology(resources)
  const peers = new Map<string, Child>()
  for (const { label, peer, entry } of starts) {
    const start: PeerStart = { peer, options: peerOptions(topology, entry) }
    peers.set(label, resources.use(new Child('peer-process.ts', start)))
  }
  const scenarios: Scenario[] = options.workloads.flatMap((workload) =>
    DISTANCES.map((distance) => ({ name: `${workload}, ${distance}`, workload, distance })),
  )
  const { rounds, seconds } = options
  const sliceMs = (seconds * 1_000) / (rounds * scenarios.length * peers.size)
  const settings = {
    rounds,
    sliceMs: Math.round(sliceMs),
    callers: CALLERS,
    clientConnections: CLIENT_CONNECTIONS,
    serverConnections: SERVER_CONNECTIONS,
    ...topology.versions,
    roundTripMs: await measureRoundTrips(topology),
  }
  log(JSON.stringify(settings))
  const courses = await runRounds({ peers, scenarios, rounds, sliceMs, log })
  const throughput = new Map(
    scenarios.map(({ name }) => [
      name,
      new Map([...peers.keys()].map((peer) => [peer, courses.get(name)?.get(peer)?.opsPerSecond ?? []])),
    ]),
  )
  const report: Report = { suite: 'tenant', settings, results: [], throughput }
  const results = scenarios.flatMap(({ name }) =>
    [...(courses.get(name) ?? [])].map(([peer, course]) => toResult(report, name, peer, course)),
  )
  return { ...report, results }
}

function toResult(report: Report, scenario: string, peer: string, course: Course): Result {
  const { operations, elapsedMs, cpuUs, foreignRows, latency } = course
  const ratio = medianRatio(ratiosOf(report, scenario, peer, RAW))
  return {
    peer,
    scenario,
    opsPerSecond: (operations / elapsedMs) * 1_000,
    ...latency,
    cpuUsPerOp: cpuUs / operations,
    ratioToRaw: ratio.median,
    ratioInterval: [ratio.low, ratio.high],
    foreignRows,
  }
}

interface NamedPeer {
  readonly label: string
  readonly peer: string
  readonly entry: string
}

function peersOf({ peers: wanted, entry: given, candidate }: BenchOptions): readonly NamedPeer[] {
  const entry = given === undefined ? DIST : resolve(given)
  const names = [...PEERS.keys()].filter((name) => wanted?.includes(name) ?? true)
  const unknown = wanted?.filter((name) => !PEERS.has(name)) ?? []
  if (unknown.length > 0) {
    throw new Error(`There is no peer ${unknown.join(', ')}. There are: ${[...PEERS.keys()].join('; ')}.`)
  }
  const starts = names.map((peer) => ({ label: peer, peer, entry }))
  if (candidate !== undefined) {
    starts.push({ label: 'candidate', peer: LEASEHOLD, entry: resolve(candidate) })
  }
  for (const { entry: file } of starts) {
    if (!existsSync(file)) throw new Error(`There is no build at ${file}. Run \`npm run build\` first.`)
  }
  return starts
}

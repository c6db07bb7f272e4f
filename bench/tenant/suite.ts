import type { BenchOptions } from '../options.ts'
import { PeerChild } from '../patients/peer-child.ts'
import { LEASEHOLD, PEERS, RAW, SHARING } from '../patients/peers/connect-peer.ts'
import { runRounds, type Scenario } from '../patients/rounds.ts'
import { toReport } from '../patients/to-report.ts'
import { builtEntry } from '../processes/built-entry.ts'
import type { Report } from '../report/result.ts'
import { formatTable } from '../report/table.ts'
import { formatTargets, judgeTargets } from '../report/targets.ts'
import type { Suite } from '../suite.ts'
import { DISTANCES } from '../topology/distance.ts'
import { measureRoundTrips, peerOptions, SERVER_CONNECTIONS, startTopology } from '../topology/topology.ts'
import { TENANT_TARGETS } from './targets.ts'

const CALLERS = 32
const CLIENT_CONNECTIONS = 20

/** One tenant's work through pgbouncer, in the ways that there are. */
export const tenantSuite: Suite = {
  name: 'tenant',
  async run(options, log) {
    const report = await measure(options, log)
    const { settings, results } = report
    const verdicts = options.check ? judgeTargets(report, TENANT_TARGETS) : []
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
  const peers = new Map<string, PeerChild>()
  for (const { label, peer, entry } of starts) {
    const start = { peer, options: peerOptions(topology, entry, CLIENT_CONNECTIONS) }
    peers.set(label, resources.use(new PeerChild(label, start)))
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
  const courses = await runRounds({ peers, scenarios, rounds, sliceMs, callers: CALLERS, log })
  return toReport('tenant', settings, courses, RAW)
}

interface NamedPeer {
  readonly label: string
  readonly peer: string
  readonly entry: string
}

function peersOf({ peers: wanted, entry: given, candidate }: BenchOptions): readonly NamedPeer[] {
  const entry = builtEntry(given)
  const all = [...PEERS.keys()].filter((name) => !SHARING.includes(name))
  const unknown = wanted?.filter((name) => !all.includes(name)) ?? []
  if (unknown.length > 0) {
    throw new Error(`There is no peer ${unknown.join(', ')}. There are: ${all.join('; ')}.`)
  }
  const starts = all
    .filter((name) => wanted?.includes(name) ?? true)
    .map((peer) => ({ label: peer, peer, entry }))
  if (candidate !== undefined) {
    starts.push({ label: 'candidate', peer: LEASEHOLD, entry: builtEntry(candidate) })
  }
  return starts
}

import { startRig } from '../../src/testing/rig/start-rig.ts'
import { type ChaosReport, runChaos } from '../partitioning/chaos/run-chaos.ts'
import { type KilledRun, killProcesses } from './partitions/killed-processes.ts'
import { NOTHING_FOUND, type SoakFindings } from './soak-report.ts'
import type { SoakRequest, SoakSuite } from './suite.ts'

/** In percent of all kills; a process takes longer to start than a session, and a server to recover. */
const SHARE = { process: 14, server: 6 }
const SAY_EVERY = 25

/**
 * Runs of the partition job are killed at random points, of which `transactions` counts: between the statements of its transactions and
 * inside of a DETACH CONCURRENTLY (its socket, its backend, its statement), at any millisecond (its process), and together with the
 * server, which is stopped at once and recovers. Without `faults` nothing is killed but sessions. Each has a database of its own; two runs later that must be
 * what an undisturbed run makes of it, with every row there once, and never more than one detach pending.
 */
export const partitionsSuite: SoakSuite = { name: 'partitions', hasControl: false, run }

async function run({ transactions, seed, faults, say }: SoakRequest): Promise<SoakFindings> {
  const share = (percent: number) => (faults ? Math.ceil((transactions * percent) / 100) : 0)
  const kills = { process: share(SHARE.process), server: share(SHARE.server) }
  const rest = Math.max(1, transactions - kills.process - kills.server)
  const rig = await startRig({ standbys: 0, redis: false })
  const startedAt = performance.now()
  const every = (done: number, of: number, what: string) => {
    if (done % SAY_EVERY === 0 || done === of)
      say(`${done} of ${of} ${what}, ${Math.round((performance.now() - startedAt) / 1_000)} s`)
  }
  try {
    const chaos = await runChaos({
      address: rig.primary,
      seed,
      kills: rest,
      onKill: (done) => every(done, rest, 'databases whose sessions were killed'),
    })
    let done = 0
    const killed = await killProcesses({
      rig,
      seed,
      kills,
      onKill: () => every(++done, kills.process + kills.server, 'processes and servers killed'),
    })
    return findings(chaos, killed)
  } finally {
    await rig.stop()
  }
}

function findings(chaos: ChaosReport, killed: readonly KilledRun[]): SoakFindings {
  const of = (victim: KilledRun['victim']) => killed.filter((each) => each.victim === victim)
  const runsToConverge = [0, 1, 2].map(
    (runs) => (chaos.runsToConverge[runs] ?? 0) + killed.filter((each) => each.runs === runs).length,
  )
  return {
    ...NOTHING_FOUND,
    transactions: chaos.kills + killed.length,
    faults: {
      ...countSessions(chaos),
      process: of('process').length,
      server: of('server').length,
    },
    lostWrites: killed.reduce((sum, { lost }) => sum + lost, 0),
    duplicateWrites: killed.reduce((sum, { twice }) => sum + twice, 0),
    violations: [
      ...chaos.failures.map(({ points, problems }) => `${points.join(', ')}: ${problems.join('; ')}`),
      ...killed
        .filter(({ problems }) => problems.length > 0)
        .map(({ point, problems }) => `${point}: ${problems.join('; ')}`),
    ],
    details: {
      databases: chaos.episodes + killed.length,
      runsToConverge,
      pendingDetaches: chaos.pending + killed.filter(({ wasPending }) => wasPending).length,
      at: chaos.at,
      steps: countSteps(killed),
    },
  }
}

/** By the way: socket, terminate, cancel. */
function countSessions({ at }: ChaosReport): Readonly<Record<string, number>> {
  const ways: Record<string, number> = {}
  for (const [point, count] of Object.entries(at)) {
    const way = point.split(' ')[0] ?? point
    ways[way] = (ways[way] ?? 0) + count
  }
  return ways
}

function countSteps(killed: readonly KilledRun[]): Readonly<Record<string, number>> {
  const steps: Record<string, number> = {}
  for (const { victim, point } of killed) {
    const step = `${victim} ${point.slice(point.lastIndexOf('/') + 1)}`
    steps[step] = (steps[step] ?? 0) + 1
  }
  return steps
}

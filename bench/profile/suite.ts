import { CALLERS } from '../connections/measure-ways.ts'
import {
  LEASEHOLD_ON_MANY,
  labelOf,
  MULTIPLEXED_ON_FEW,
  PIPELINED_ON_FEW,
  type Way,
} from '../connections/ways.ts'
import { builtEntry } from '../processes/built-entry.ts'
import { Child } from '../processes/child.ts'
import type { Suite } from '../suite.ts'
import { peerOptions, startTopology } from '../topology/topology.ts'
import type { ProfileReply, ProfileStart } from './profile-process.ts'

const WAYS: readonly Way[] = [LEASEHOLD_ON_MANY, MULTIPLEXED_ON_FEW, PIPELINED_ON_FEW]
const WARM_UP_MS = 3_000
const GRACE_MS = 30_000
const MOST_FUNCTIONS = 14
/** Microseconds of one read; what is below is noise of the sampling. */
const LEAST_US = 0.05

type Costs = readonly (readonly [name: string, us: number])[]

/** Where the client's processor time of one read goes, on loopback. `--entry` profiles another build. */
export const profileSuite: Suite = {
  name: 'profile',
  async run({ entry, seconds }, log) {
    await using resources = new AsyncDisposableStack()
    log('Starting PostgreSQL and pgbouncer')
    const topology = await startTopology(resources)
    const durationMs = (seconds * 1_000) / WAYS.length
    const results = []
    for (const way of WAYS) {
      const { peer, connections } = way
      const options = peerOptions(topology, builtEntry(entry), connections).loopback
      const start: ProfileStart = { peer, options, callers: CALLERS, warmUpMs: WARM_UP_MS, durationMs }
      log(labelOf(way))
      await using child = new Child(new URL('profile-process.ts', import.meta.url), start)
      const reply = await child.answer<ProfileReply>(WARM_UP_MS + durationMs + GRACE_MS)
      results.push({
        peer: labelOf(way),
        operations: reply.operations,
        foreignRows: reply.foreignRows,
        owners: perOperation(reply.byOwner, reply.operations),
        functions: perOperation(reply.byFunction, reply.operations).slice(0, MOST_FUNCTIONS),
      })
    }
    return { text: results.map(format).join('\n\n'), document: { results }, failures: [] }
  },
}

/** Microseconds of each, the most first. */
function perOperation(sums: Readonly<Record<string, number>>, operations: number): Costs {
  return Object.entries(sums)
    .map(([name, us]) => [name, us / operations] as const)
    .filter(([, us]) => us >= LEAST_US)
    .toSorted(([, a], [, b]) => b - a)
}

function format({ peer, owners, functions }: { peer: string; owners: Costs; functions: Costs }): string {
  const total = owners.reduce((sum, [, us]) => sum + us, 0)
  const list = (costs: Costs) =>
    costs.map(([name, us]) => `  ${us.toFixed(2).padStart(6)}  ${name}`).join('\n')
  return [`${peer}: ${total.toFixed(1)} us of the client for one read`, list(owners), list(functions)].join(
    '\n\n',
  )
}

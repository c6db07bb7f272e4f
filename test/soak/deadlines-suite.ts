import { ISOLATION_SCHEMA } from './isolation-schema.ts'
import type { SoakFindings } from './soak-report.ts'
import { SoakRig } from './soak-rig.ts'
import { DEADLINE_MS, runStallRound } from './stall-round.ts'
import { STALLED_CALLS } from './stalled-calls.ts'
import { stallsOf } from './stalls.ts'
import type { SoakRequest, SoakSuite } from './suite.ts'

/** How much later than its deadline a call may settle. */
const GRACE_MS = 100
/** Of each kind of call in a round. */
const TIMES = 4
const POOL_SIZE = 80
const VIOLATIONS_KEPT = 20

/** Has everything stop to answer under calls in every state, and looks whether each settles by its deadline. */
export const deadlinesSuite: SoakSuite = { name: 'deadlines', hasControl: false, run }

async function run({ transactions, target, say }: SoakRequest): Promise<SoakFindings> {
  await using rig = await SoakRig.open({ target, schema: ISOLATION_SCHEMA, poolSize: POOL_SIZE })
  const stalls = stallsOf(rig)
  const violations = new Set<string>()
  const faults: Record<string, number> = {}
  const endings: Record<string, number> = {}
  const latenessMs: number[] = []
  let unknownOutcomes = 0
  let calls = 0
  let longestLagMs = 0
  for (let round = 0; calls < transactions; round += 1) {
    const stall = stalls[round % stalls.length]
    if (!stall) break
    const left = Math.ceil((transactions - calls) / STALLED_CALLS.length)
    const { calls: settled, notRecovered, lagMs } = await runStallRound(rig, stall, Math.min(TIMES, left))
    longestLagMs = Math.max(longestLagMs, lagMs)
    faults[stall.name] = (faults[stall.name] ?? 0) + 1
    for (const line of notRecovered) violations.add(`${stall.name}: ${line}`)
    for (const { call, ms, code } of settled) {
      calls += 1
      if (code === 'LSH_ERR_COMMIT_UNKNOWN') unknownOutcomes += 1
      endings[`${call.name}: ${code}`] = (endings[`${call.name}: ${code}`] ?? 0) + 1
      latenessMs.push(ms - DEADLINE_MS)
      // A timer fires no sooner than the event loop lets it: what the machine holds up is not the library's.
      if (ms > DEADLINE_MS + GRACE_MS + lagMs) {
        violations.add(`${stall.name}, ${call.name}: settled after ${Math.round(ms)} of ${DEADLINE_MS} ms`)
      }
      if (!call.ends.includes(code)) violations.add(`${stall.name}, ${call.name}: ended in ${code}`)
    }
    say(`${stall.name}: ${calls} of ${transactions}`)
  }
  const leakedConnections = await rig.comeToRest()
  latenessMs.sort((one, other) => one - other)
  return {
    transactions: calls,
    faults,
    foreignRows: 0,
    lostWrites: 0,
    duplicateWrites: 0,
    staleReads: 0,
    unknownOutcomes,
    leakedConnections,
    violations: [...violations].slice(0, VIOLATIONS_KEPT),
    details: {
      deadlineMs: DEADLINE_MS,
      latenessMs: {
        p50: Math.round(latenessMs[Math.floor(latenessMs.length / 2)] ?? 0),
        p99: Math.round(latenessMs[Math.floor(latenessMs.length * 0.99)] ?? 0),
        max: Math.round(latenessMs.at(-1) ?? 0),
      },
      // However long the event loop was held up.
      late: latenessMs.filter((ms) => ms > GRACE_MS).length,
      eventLoopLagMaxMs: Math.round(longestLagMs),
      endings,
    },
  }
}

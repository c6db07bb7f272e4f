import { receiptTableSql } from '../../src/index.ts'
import { Random } from '../support/random.ts'
import { CutLane, type CutResult } from './cut-lane.ts'
import { type PlannedCut, planCuts, type Recording } from './cut-plan.ts'
import { CUT_SHAPES, type CutShape } from './cut-shapes.ts'
import { auditIsolation } from './isolation-audit.ts'
import { ISOLATION_SCHEMA, ISOLATION_TENANTS } from './isolation-schema.ts'
import { type Outcome, OutcomeLedger } from './outcome-ledger.ts'
import type { SoakFindings } from './soak-report.ts'
import { SoakRig } from './soak-rig.ts'
import type { SoakRequest, SoakSuite } from './suite.ts'

const LANES = 8
const SCHEMA = `${ISOLATION_SCHEMA}${receiptTableSql()}`
const VIOLATIONS_KEPT = 20

/**
 * Cuts the connection at every protocol message of every kind of write, and holds what leasehold said became of the write,
 * at once and when asked by `resolve()`, against the table.
 */
export const cutsSuite: SoakSuite = { name: 'cuts', hasControl: false, run }

async function run({ transactions, seed, target, say }: SoakRequest): Promise<SoakFindings> {
  await using rig = await SoakRig.open({ target, schema: SCHEMA, poolSize: LANES })
  const lanes = await Promise.all(Array.from({ length: LANES }, () => CutLane.open(rig)))
  const { cuts, positions } = planCuts(await recordAll(lanes), transactions, new Random(seed))
  say(`${positions} messages to cut at, ${transactions} cuts`)

  const outcomes = new OutcomeLedger(transactions)
  const violations: string[] = []
  const faults: Record<string, number> = {}
  const codes: Record<string, number> = {}
  const classified: Record<string, Record<string, number>> = {}
  let unknownOutcomes = 0
  const queue = cuts.entries()
  const work = async (lane: CutLane, tenant: number) => {
    for (const [index, plan] of queue) {
      const number = index + 1
      const result = await lane.run(plan, tenantOf(tenant), number)
      outcomes.set({ number, tenant, rows: plan.shape.rows, outcome: finalOutcome(result) })
      if (result.outcome === 'unknown') unknownOutcomes += 1
      if (result.made) count(faults, plan.cut.how ?? 'reset')
      count(codes, result.code ?? 'none')
      const ofShape = classified[plan.shape.name] ?? {}
      classified[plan.shape.name] = ofShape
      count(ofShape, describe(result))
      for (const found of judge(plan, result)) {
        violations.push(
          `cut ${number}, ${plan.place}: ${found} (${describe(result)}, ${result.code ?? 'no error'})`,
        )
      }
    }
  }
  await Promise.all(lanes.map(work))
  const leakedConnections = await rig.comeToRest()
  const audit = await auditIsolation(
    { query: async (text, values) => ({ rows: await rig.ask(text, values) }) },
    { outcomes },
  )
  if (transactions >= positions) violations.push(...missingClasses(classified))
  return {
    transactions: cuts.length,
    faults,
    foreignRows: audit.misplacedRows,
    lostWrites: audit.lostWrites + audit.tornWrites,
    duplicateWrites: audit.duplicateWrites + audit.resurrectedWrites,
    staleReads: 0,
    unknownOutcomes,
    leakedConnections,
    violations: violations.slice(0, VIOLATIONS_KEPT),
    details: { positions, ...audit, classified, errors: codes },
  }
}

/** What each shape looks like on the wire, new and warm. */
async function recordAll([lane]: readonly CutLane[]): Promise<Recording<CutShape>[]> {
  const recordings: Recording<CutShape>[] = []
  for (const shape of CUT_SHAPES) {
    for (const warm of [false, true]) {
      if (lane) recordings.push(await lane.record(shape, warm, tenantOf(0)))
    }
  }
  return recordings
}

/** What the table must show in the end: a write that was repeated is there, and once. */
function finalOutcome({ outcome, resolved, repeated }: CutResult): Outcome {
  if (repeated || resolved === 'committed') return 'committed'
  return resolved === 'aborted' ? 'failed' : outcome
}

function judge({ isBeforeCommit, shape }: PlannedCut<CutShape>, result: CutResult): string[] {
  const { outcome, resolved, repeated, made } = result
  const found: string[] = []
  if (!made) found.push('the message never came')
  if (isBeforeCommit && outcome !== 'failed')
    found.push('not reported as failed before anything could commit')
  if (!shape.hasReceipt) return found
  if (outcome === 'failed' && repeated === 'already applied') found.push('reported failed, and was applied')
  if (resolved === 'unknown') found.push('a receipt gave no answer')
  if (resolved === 'committed' && repeated !== 'already applied') found.push('falsely resolved as committed')
  if (resolved === 'aborted' && repeated !== 'applied') found.push('falsely resolved as aborted')
  return found
}

function describe({ outcome, resolved, repeated }: CutResult): string {
  const later = resolved ? `${outcome}, resolved ${resolved}` : outcome
  return repeated ? `${later}, repeated: ${repeated}` : later
}

/** Cuts at every message must lead to each of these, else something was not cut. */
function missingClasses(classified: Record<string, Record<string, number>>): string[] {
  return CUT_SHAPES.flatMap(({ name }) => {
    const found = Object.keys(classified[name] ?? {})
    return ['failed', 'unknown']
      .filter((wanted) => !found.some((one) => one.startsWith(wanted)))
      .map((missing) => `no cut of a ${name} was reported ${missing}`)
  })
}

function tenantOf(lane: number): string {
  return ISOLATION_TENANTS[lane] ?? ''
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}

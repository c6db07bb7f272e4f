import { Random } from '../support/random.ts'
import { CUT_SHAPES, CutLane, type CutShape } from './cut-lane.ts'
import { type PlannedCut, planCuts, type Recording } from './cut-plan.ts'
import { auditIsolation } from './isolation-audit.ts'
import { ISOLATION_SCHEMA, ISOLATION_TENANTS } from './isolation-schema.ts'
import { OutcomeLedger } from './outcome-ledger.ts'
import type { SoakFindings } from './soak-report.ts'
import { SoakRig } from './soak-rig.ts'
import type { SoakRequest, SoakSuite } from './suite.ts'

const LANES = 8
const VIOLATIONS_KEPT = 20

/**
 * Cuts the connection at every protocol message of every kind of write, and holds what leasehold said became of the write
 * against the table.
 */
export const cutsSuite: SoakSuite = { name: 'cuts', hasControl: false, run }

async function run(request: SoakRequest): Promise<SoakFindings> {
  const { transactions, seed, target, say } = request
  await using rig = await SoakRig.open({ target, schema: ISOLATION_SCHEMA, poolSize: LANES })
  const lanes = await Promise.all(Array.from({ length: LANES }, () => CutLane.open(rig)))
  const outcomes = new OutcomeLedger(transactions)
  const { cuts, positions } = planCuts(await recordAll(lanes), transactions, new Random(seed))
  say(`${positions} messages to cut at, ${transactions} cuts`)

  const violations: string[] = []
  const faults: Record<string, number> = { reset: 0, close: 0 }
  const codes: Record<string, number> = {}
  let next = 0
  const work = async (lane: CutLane, laneIndex: number) => {
    for (let number = take(); number <= transactions; number = take()) {
      const plan = cuts[number - 1]
      if (!plan) return
      const { outcome, code, made } = await lane.run(plan, tenantOf(laneIndex), number)
      outcomes.set({ number, tenant: laneIndex, rows: plan.shape.rows, outcome })
      if (made) count(faults, plan.cut.how ?? 'reset')
      count(codes, code ?? 'none')
      const found = judge(plan, outcome, made)
      if (found) violations.push(`cut ${number}, ${plan.place}: ${found} (${code ?? 'no error'})`)
    }
  }
  const take = () => {
    next += 1
    return next
  }
  await Promise.all(lanes.map(work))
  const leakedConnections = await rig.comeToRest()
  const audit = await auditIsolation(
    { query: async (text, values) => ({ rows: await rig.ask(text, values) }) },
    { outcomes },
  )
  const classified = await classify(rig, cuts, outcomes)
  if (transactions >= positions) violations.push(...missingClasses(classified))
  return {
    transactions: Math.min(next, transactions),
    faults,
    foreignRows: audit.misplacedRows,
    lostWrites: audit.lostWrites + audit.tornWrites,
    duplicateWrites: audit.duplicateWrites + audit.resurrectedWrites,
    staleReads: 0,
    unknownOutcomes: outcomes.count().unknown,
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
      // Operation 0 is nobody's.
      if (lane) recordings.push(await lane.record(shape, warm, tenantOf(0), 0))
    }
  }
  return recordings
}

function judge({ isBeforeCommit }: PlannedCut<CutShape>, outcome: string, made: boolean): string | undefined {
  if (!made) return 'the message never came'
  if (isBeforeCommit && outcome !== 'failed') return `reported ${outcome} before anything could commit`
  return undefined
}

/** How many cuts of each shape ended how, by what was reported and whether the rows are there. */
async function classify(
  rig: SoakRig,
  cuts: readonly PlannedCut<CutShape>[],
  outcomes: OutcomeLedger,
): Promise<Record<string, Record<string, number>>> {
  const rows = await rig.ask<{ operation: string }>(
    'select distinct operation from canaries where operation > 0',
  )
  const applied = new Set(rows.map(({ operation }) => Number(operation)))
  const classes: Record<string, Record<string, number>> = {}
  for (const [index, { shape }] of cuts.entries()) {
    const outcome = outcomes.get(index + 1)?.outcome
    const ofShape = classes[shape.name] ?? {}
    classes[shape.name] = ofShape
    if (outcome) count(ofShape, `${outcome}, ${applied.has(index + 1) ? 'applied' : 'not applied'}`)
  }
  return classes
}

/** Cuts at every message must lead to each of these, else something was not cut. */
const CLASSES = ['failed, not applied', 'unknown, not applied', 'unknown, applied']

function missingClasses(classified: Record<string, Record<string, number>>): string[] {
  return CUT_SHAPES.flatMap(({ name }) =>
    CLASSES.filter((found) => !classified[name]?.[found]).map((missing) => `no cut of a ${name} was "${missing}"`),
  )
}

function tenantOf(lane: number): string {
  return ISOLATION_TENANTS[lane] ?? ''
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}

import { CommitUnknownError } from '../../src/index.ts'
import type { Random } from '../support/random.ts'
import { ISOLATION_TENANTS } from './isolation-schema.ts'
import { type Outcome, OutcomeLedger } from './outcome-ledger.ts'

/** A row as the workload reads it back. */
export interface CanaryRow {
  readonly tenant_id: string
  readonly tag: string
}

/** How one engine under test does the three kinds of operation. Each returns every row that came back. */
export interface IsolationEngine {
  single(tenant: string, statement: Statement): Promise<readonly CanaryRow[]>
  batch(tenant: string, statements: readonly Statement[]): Promise<readonly CanaryRow[]>
  transaction(tenant: string, statements: readonly Statement[]): Promise<readonly CanaryRow[]>
}

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** What the workload has seen. */
export interface IsolationTally {
  operations: number
  writes: number
  killed: number
  sqlErrors: number
  /** Rows that belong to another tenant than the one that asked. */
  foreignRows: number
  /** Reads that brought no row at all, where the tenant has at least five: its context was lost. */
  emptyReads: number
  /** Reads that did not bring what the same caller had written, and been told was committed. */
  staleReads: number
  /** Errors that are neither the planted ones nor what an inflicted fault may end in. */
  surprises: string[]
  /** How often each error came, by its code. */
  readonly errors: Map<string, number>
  /** Each write by its number. */
  readonly outcomes: OutcomeLedger
}

export interface IsolationWorkload {
  readonly engine: IsolationEngine
  readonly random: Random
  readonly operations: number
  readonly callers: number
  /** Kills some connection while operations run; called for 2 % of the operations. */
  readonly kill: () => void
  readonly kills: boolean
  /** Called before each operation, with its number. */
  readonly before?: (operation: number) => void
  /** Whether an error with this code is what an inflicted fault may end in. */
  readonly explains?: (code: string) => boolean
  /** Waits after an error that a fault explains, so that a server which is down does not use up the operations. */
  readonly pause?: () => Promise<void>
}

/** The last write of a caller that it was told is committed. */
interface Committed {
  readonly tenant: number
  readonly number: number
  readonly rows: number
}

const READ = 'select tenant_id, tag from canaries order by id limit 5'
const READ_BACK = 'select tenant_id, tag from canaries where operation = $1'
const WRITE =
  'insert into canaries (tenant_id, tag, operation, part) values ($1, $1, $2, $3) returning tenant_id, tag'
const FAULTS_PERCENT = 2
const WRITES_PERCENT = 45
const READ_BACKS_PERCENT = 25
const SURPRISES_KEPT = 10

/** Interleaves operations of 200 tenants: a third single statements, a third batches, a third transactions. */
export async function runIsolationWorkload(workload: IsolationWorkload): Promise<IsolationTally> {
  const tally: IsolationTally = {
    operations: 0,
    writes: 0,
    killed: 0,
    sqlErrors: 0,
    foreignRows: 0,
    emptyReads: 0,
    staleReads: 0,
    surprises: [],
    errors: new Map(),
    outcomes: new OutcomeLedger(workload.operations),
  }
  const caller = async () => {
    let last: Committed | undefined
    while (tally.operations < workload.operations) {
      tally.operations += 1
      last = (await runOperation(workload, tally, tally.operations, last)) ?? last
    }
  }
  await Promise.all(Array.from({ length: workload.callers }, caller))
  return tally
}

/** @returns what it has written, if that is committed */
async function runOperation(
  workload: IsolationWorkload,
  tally: IsolationTally,
  number: number,
  last: Committed | undefined,
): Promise<Committed | undefined> {
  const { engine, random } = workload
  // Drawn before anything is awaited, and the same number of times for each operation: one seed gives one workload.
  const drawn = random.below(ISOLATION_TENANTS.length)
  const isWrite = random.chance(WRITES_PERCENT)
  const fails = random.chance(FAULTS_PERCENT)
  const looksBack = random.chance(READ_BACKS_PERCENT)
  if (workload.kills && random.chance(FAULTS_PERCENT)) {
    tally.killed += 1
    workload.kill()
  }
  workload.before?.(number)
  const back = !isWrite && looksBack ? last : undefined
  const tenant = back?.tenant ?? drawn
  const id = ISOLATION_TENANTS[tenant] ?? ''
  const kind = number % 3
  const written = kind === 0 ? 1 : 2
  const statements = isWrite ? writes(id, number, written) : [readOf(back)]
  if (fails) statements.push({ text: 'select 1 / $1::int', values: [0] })
  if (fails) tally.sqlErrors += 1
  if (isWrite) tally.writes += 1

  let outcome: Outcome = 'failed'
  try {
    const rows = await perform(engine, kind, id, statements)
    outcome = 'committed'
    for (const row of rows) if (row.tenant_id !== id || row.tag !== id) tally.foreignRows += 1
    if (back && rows.length < back.rows) tally.staleReads += 1
    if (!back && rows.length === 0) tally.emptyReads += 1
  } catch (error) {
    if (error instanceof CommitUnknownError) outcome = 'unknown'
    await meet(workload, tally, number, error, fails)
  }
  if (!isWrite) return undefined
  tally.outcomes.set({ number, tenant, rows: written, outcome })
  return outcome === 'committed' ? { tenant, number, rows: written } : undefined
}

function writes(tenant: string, number: number, rows: number): Statement[] {
  const write = (part: number): Statement => ({ text: WRITE, values: [tenant, number, part] })
  return rows === 1 ? [write(0)] : [write(0), readOf(undefined), write(1)]
}

function readOf(back: Committed | undefined): Statement {
  return back ? { text: READ_BACK, values: [back.number] } : { text: READ, values: [] }
}

function perform(
  engine: IsolationEngine,
  kind: number,
  tenant: string,
  statements: readonly Statement[],
): Promise<readonly CanaryRow[]> {
  const [only] = statements
  if (kind === 0 && only && statements.length === 1) return engine.single(tenant, only)
  return kind === 2 ? engine.transaction(tenant, statements) : engine.batch(tenant, statements)
}

async function meet(
  workload: IsolationWorkload,
  tally: IsolationTally,
  number: number,
  error: unknown,
  planted: boolean,
): Promise<void> {
  const { code = 'no code', message = String(error) } = error as { code?: string; message?: string }
  tally.errors.set(code, (tally.errors.get(code) ?? 0) + 1)
  if (planted && code === '22012') return
  const ofKill = ['LSH_ERR_CONNECTION_LOST', 'LSH_ERR_COMMIT_UNKNOWN', 'LSH_ERR_CONNECT']
  const explained = workload.kills ? ofKill.includes(code) : workload.explains?.(code)
  if (!explained && tally.surprises.length < SURPRISES_KEPT) {
    tally.surprises.push(`operation ${number}: ${code}: ${message}`)
  }
  await workload.pause?.()
}

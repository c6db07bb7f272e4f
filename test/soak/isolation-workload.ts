import { CommitUnknownError } from '../../src/index.ts'
import type { Random } from '../support/random.ts'
import { ISOLATION_TENANTS } from './isolation-schema.ts'

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

/** What became of a write, as the engine told it. */
export type Outcome = 'committed' | 'failed' | 'unknown'

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
  /** Errors that are neither the planted ones nor what a killed connection may end in. */
  surprises: string[]
  /** Each write by its number: who asked, how many rows it writes, and its outcome. */
  readonly outcomes: Map<number, { tenant: string; rows: number; outcome: Outcome }>
}

export interface IsolationWorkload {
  readonly engine: IsolationEngine
  readonly random: Random
  readonly operations: number
  readonly callers: number
  /** Kills some connection while operations run; called for 2 % of the operations. */
  readonly kill: () => void
  readonly kills: boolean
}

const READ = 'select tenant_id, tag from canaries order by id limit 5'
const WRITE =
  'insert into canaries (tenant_id, tag, operation, part) values ($1, $1, $2, $3) returning tenant_id, tag'
const FAULTS_PERCENT = 2
const WRITES_PERCENT = 45

/** Interleaves operations of 200 tenants: a third single statements, a third batches, a third transactions. */
export async function runIsolationWorkload(workload: IsolationWorkload): Promise<IsolationTally> {
  const tally: IsolationTally = {
    operations: 0,
    writes: 0,
    killed: 0,
    sqlErrors: 0,
    foreignRows: 0,
    emptyReads: 0,
    surprises: [],
    outcomes: new Map(),
  }
  const caller = async () => {
    while (tally.operations < workload.operations) {
      tally.operations += 1
      await runOperation(workload, tally, tally.operations)
    }
  }
  await Promise.all(Array.from({ length: workload.callers }, caller))
  return tally
}

async function runOperation(
  workload: IsolationWorkload,
  tally: IsolationTally,
  number: number,
): Promise<void> {
  const { engine, random } = workload
  const tenant = random.pick(ISOLATION_TENANTS)
  const isWrite = random.chance(WRITES_PERCENT)
  const fails = random.chance(FAULTS_PERCENT)
  if (workload.kills && random.chance(FAULTS_PERCENT)) {
    tally.killed += 1
    workload.kill()
  }
  const write = (part: number): Statement => ({ text: WRITE, values: [tenant, number, part] })
  const read: Statement = { text: READ, values: [] }
  const kind = number % 3
  const statements = isWrite ? (kind === 0 ? [write(0)] : [write(0), read, write(1)]) : [read]
  if (fails) statements.push({ text: 'select 1 / $1::int', values: [0] })
  if (fails) tally.sqlErrors += 1
  if (isWrite) tally.writes += 1

  let outcome: Outcome = 'failed'
  try {
    const rows = await perform(engine, kind, tenant, statements)
    outcome = 'committed'
    for (const row of rows) if (row.tenant_id !== tenant || row.tag !== tenant) tally.foreignRows += 1
    if (rows.length === 0) tally.emptyReads += 1
  } catch (error) {
    if (error instanceof CommitUnknownError) outcome = 'unknown'
    const surprise = surpriseOf(error, fails, workload.kills)
    if (surprise) tally.surprises.push(surprise)
  }
  if (isWrite) tally.outcomes.set(number, { tenant, rows: kind === 0 ? 1 : 2, outcome })
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

/** An error that nothing in the workload explains. */
function surpriseOf(error: unknown, planted: boolean, kills: boolean): string | undefined {
  const { code, message } = error as { code?: string; message?: string }
  if (planted && code === '22012') return undefined
  const ofKill = ['LSH_ERR_CONNECTION_LOST', 'LSH_ERR_COMMIT_UNKNOWN', 'LSH_ERR_CONNECT']
  if (kills && ofKill.includes(code ?? '')) return undefined
  return `${code}: ${message}`
}

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLeasehold, type Leasehold, type LeaseholdOptions } from '../../src/index.ts'
import { Random } from '../support/random.ts'
import { FaultInjector } from './fault-injector.ts'
import { hashFaults, planFaults } from './fault-schedule.ts'
import { auditIsolation } from './isolation-audit.ts'
import { leaseholdEngine, sessionSetEngine } from './isolation-engines.ts'
import { ISOLATION_SCHEMA } from './isolation-schema.ts'
import { runIsolationWorkload } from './isolation-workload.ts'
import type { SoakFindings } from './soak-report.ts'
import { SoakRig } from './soak-rig.ts'
import type { SoakRequest, SoakSuite } from './suite.ts'

const SERVER_CONNECTIONS = 4
const CALLERS = 32
const POOLED_CONNECTIONS = 16
/** Shorter than the longest fault, so that some calls meet their deadline. */
const DEADLINE_MS = 1_000
const LONGEST_FAULT_MS = 1_300
const PAUSE_MS = 40
const SAY_EVERY_MS = 10_000

/** 200 tenants, 32 callers, 4 server connections; singles, batches and transactions, a third each. */
export const isolationSuite: SoakSuite = {
  name: 'isolation',
  hasControl: true,
  run: (request) => run(request),
}

/** The same with 128 callers whose singles and batches, reads and writes, share what connections there are. */
export const multiplexingSuite: SoakSuite = {
  name: 'multiplexing',
  hasControl: true,
  run: (request) => run(request, { multiplex: 'all', callers: 128 }),
}

/** How the application under test is set up. */
interface Shape {
  readonly multiplex?: LeaseholdOptions['multiplex']
  readonly callers?: number
}

async function run(
  request: SoakRequest,
  { multiplex = false, callers = CALLERS }: Shape = {},
): Promise<SoakFindings> {
  const { transactions, seed, target } = request
  const faults = request.faults
    ? planFaults({
        seed,
        operations: transactions,
        hasPooler: target !== 'direct',
        longestMs: LONGEST_FAULT_MS,
      })
    : []
  const scheduleHash = hashFaults(faults)
  request.say(`seed ${seed}: ${faults.length} faults, schedule ${scheduleHash}`)
  await using rig = await SoakRig.open({ target, schema: ISOLATION_SCHEMA, poolSize: SERVER_CONNECTIONS })
  const pool = rig.pool({
    max: target === 'direct' || multiplex ? SERVER_CONNECTIONS : POOLED_CONNECTIONS,
    // What the control has instead of a deadline; leasehold has its own.
    ...(request.engine === 'session-set' ? { query_timeout: DEADLINE_MS } : {}),
    connectionTimeoutMillis: DEADLINE_MS,
  })
  const db: Leasehold = createLeasehold({ primary: pool, timeoutMs: DEADLINE_MS, multiplex })
  const injector = new FaultInjector(rig, faults)
  const lag = monitorEventLoopDelay({ resolution: 5 })
  lag.enable()
  let reached = 0
  const ticker = setInterval(() => request.say(`${reached} of ${transactions}`), SAY_EVERY_MS)
  const startedAt = performance.now()
  const tally = await runIsolationWorkload({
    engine: request.engine === 'leasehold' ? leaseholdEngine(db) : sessionSetEngine(pool),
    random: new Random(seed),
    operations: transactions,
    callers,
    kills: false,
    kill: () => {},
    before: (operation) => {
      reached = operation
      injector.reach(operation)
    },
    explains: (code) => faults.length > 0 && isExplained(code),
    pause: () => sleep(PAUSE_MS),
  }).finally(() => clearInterval(ticker))
  const seconds = (performance.now() - startedAt) / 1_000
  lag.disable()
  await injector.settle()
  const leakedConnections = await rig.comeToRest()
  const audit = await auditIsolation(
    { query: async (text, values) => ({ rows: await rig.ask(text, values) }) },
    tally,
  )
  const { committed, failed, unknown } = tally.outcomes.count()
  return {
    transactions: tally.operations,
    faults: { ...injector.counts, ...(tally.sqlErrors > 0 ? { sqlError: tally.sqlErrors } : {}) },
    foreignRows: tally.foreignRows + audit.misplacedRows,
    lostWrites: audit.lostWrites + audit.tornWrites,
    duplicateWrites: audit.duplicateWrites + audit.resurrectedWrites,
    staleReads: tally.staleReads + tally.emptyReads,
    unknownOutcomes: unknown,
    leakedConnections,
    violations: tally.surprises,
    details: {
      scheduleHash,
      faultsPlanned: faults.length,
      foreignRowsRead: tally.foreignRows,
      ...audit,
      staleReads: tally.staleReads,
      emptyReads: tally.emptyReads,
      writes: { committed, failed, unknown },
      errors: Object.fromEntries([...tally.errors].sort()),
      memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
      perSecond: Math.round(tally.operations / seconds),
      multiplexing: db.pool().multiplexing,
      eventLoopLagMs: { p99: Math.round(lag.percentile(99) / 1e6), max: Math.round(lag.max / 1e6) },
    },
  }
}

/** Errors that killed connections, and servers that are frozen or down, may end in. Never one of the protocol family. */
function isExplained(code: string): boolean {
  return (
    [
      'LSH_ERR_CONNECTION_LOST',
      'LSH_ERR_COMMIT_UNKNOWN',
      'LSH_ERR_CONNECT',
      'LSH_ERR_DEADLINE',
      'LSH_ERR_ACQUIRE_TIMEOUT',
      // A statement that outlived a freeze is stopped by statement_timeout.
      '57014',
      // Shut down by an administrator; crashed; starting up.
      '57P01',
      '57P02',
      '57P03',
    ].includes(code) || code.startsWith('08')
  )
}

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import {
  applyPlan,
  type PartitionCatalog,
  planPartitions,
  readCatalog,
} from '../../src/partitioning/index.ts'
import { addMonths, type Month, monthStartUs } from '../../src/partitioning/months/month.ts'
import type { ReplicaReader } from '../../src/partitioning/run/apply-plan.ts'
import { firstMonth, monthsAtFirst, PREMAKES_PER_RUN, partitionOf, SET } from './months.ts'

/** What a job has done. */
export interface JobWork {
  premakes: number
  retires: number
  /** Tries of statements or steps that ended without their locks. */
  retries: number
  /** What was done when, in milliseconds of the Unix epoch. */
  readonly spans: WorkSpan[]
}

interface WorkSpan {
  readonly what: string
  readonly fromMs: number
  readonly toMs: number
}

/** What a job works with. */
export interface JobPlace {
  /** Connected to PostgreSQL itself, as the job. */
  readonly client: pg.Client
  readonly runs: number
  /** Of `performance.now()`; what is not done by then is left. */
  readonly deadlineAtMs: number
  readonly replicas: readonly ReplicaReader[]
  /** Tells the application which month it is. */
  readonly enter: (month: Month) => Promise<unknown>
  /** Counts what is in a partition that is about to be dropped. */
  readonly beforeDrop: (table: string) => Promise<unknown>
  readonly log: (line: string) => void
}

/** A way to make months ahead and to take old ones away. */
export type Way = (place: JobPlace) => Promise<JobWork>

/** Waits for a step in production may be longer: here the clock goes on after seconds, not after a month. */
const LOCK_BUDGET_MS = 2_000
const GATE_BUDGET_MS = 10_000
const BETWEEN_RUNS_MS = 200

/** Plans of leasehold's, carried out by leasehold; the next run drops what was retired, as an archived month would be. */
const leasehold: Way = async (place) => {
  const { client, runs, deadlineAtMs, replicas, enter, log } = place
  const work: JobWork = { premakes: 0, retires: 0, retries: 0, spans: [] }
  let said = ''
  for (let run = 1; (run <= runs || work.retires < runs) && performance.now() < deadlineAtMs; run += 1) {
    const month = addMonths(firstMonth(runs), Math.min(run, runs) * PREMAKES_PER_RUN)
    const found = await readCatalog(client, SET)
    await dropDetached(place, found, work)
    const catalog = { ...found, nowUs: monthStartUs(month) + 1n }
    const { done, failed, deferred } = await applyPlan(planPartitions(SET, catalog), client, {
      lockBudgetMs: LOCK_BUDGET_MS,
      gateBudgetMs: GATE_BUDGET_MS,
      deadlineMs: Math.max(1, deadlineAtMs - performance.now()),
      replicas,
      onEvent: (event) => {
        if (event.type === 'wait') work.retries += 1
        if (event.type === 'end') {
          const toMs = Date.now()
          work.spans.push({ what: event.step.id, fromMs: toMs - event.tookMs, toMs })
        }
      },
    })
    if (failed[0]) throw failed[0].error
    for (const { step, message } of deferred.slice(0, 1)) {
      if (step.id !== said) log(`left to the next run: ${message.slice(0, 200)}`)
      said = step.id
    }
    const ended = (what: string) => done.filter(({ step }) => step.id.endsWith(what))
    work.premakes += ended('/attach').length
    work.retires += ended('/secure').length
    if (run <= runs) await enter(month)
    await sleep(BETWEEN_RUNS_MS)
  }
  return work
}

/** Like a drop of leasehold's own, it leaves what still refers to other tables: they would be locked as well. */
async function dropDetached(
  { client, beforeDrop }: JobPlace,
  found: PartitionCatalog,
  work: JobWork,
): Promise<void> {
  const detached = found.tables
    .flatMap(({ loose }) => loose)
    .filter(({ schema }) => schema === SET.detachedSchema)
  for (const { schema, name } of detached.filter(({ foreignKeys }) => foreignKeys.length === 0)) {
    await beforeDrop(`${schema}.${name}`)
    const fromMs = Date.now()
    await client.query(`drop table ${schema}.${name}`)
    work.spans.push({ what: `drop of ${name}`, fromMs, toMs: Date.now() })
  }
}

/** What is written by hand in most places: one statement for each, which waits for its locks for as long as it takes. */
const naive: Way = (place) => byHand(place, 0)

/** The same, but it gives up after a tenth of a second, and tries again. */
const naiveWithRetry: Way = (place) => byHand(place, 100)

async function byHand(
  { client, runs, deadlineAtMs, enter, beforeDrop }: JobPlace,
  lockTimeoutMs: number,
): Promise<JobWork> {
  const work: JobWork = { premakes: 0, retires: 0, retries: 0, spans: [] }
  const first = firstMonth(runs)
  const old = monthsAtFirst(runs)
  await client.query(`set lock_timeout = ${lockTimeoutMs}`)
  const send = async (statement: string): Promise<boolean> => {
    while (performance.now() < deadlineAtMs) {
      const fromMs = Date.now()
      try {
        await client.query(statement)
        work.spans.push({ what: statement.slice(0, 60), fromMs, toMs: Date.now() })
        return true
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE)) throw error
        work.retries += 1
        await sleep(50 + Math.random() * 200)
      }
    }
    return false
  }
  for (let run = 1; run <= runs && performance.now() < deadlineAtMs; run += 1) {
    const month = addMonths(first, run * PREMAKES_PER_RUN)
    for (const ahead of [0, 1]) {
      const { table, bounds } = partitionOf(addMonths(month, ahead))
      if (await send(`create table ${table} partition of events for values ${bounds}`)) work.premakes += 1
    }
    const { table: oldest } = partitionOf(addMonths(old[0] ?? first, run - 1))
    await beforeDrop(oldest)
    if (await send(`drop table ${oldest}`)) work.retires += 1
    // Where its partition is missing, writers stay in the month before.
    if (work.premakes === run * PREMAKES_PER_RUN) await enter(month)
    await sleep(BETWEEN_RUNS_MS)
  }
  return work
}

const LOCK_NOT_AVAILABLE = '55P03'

/** By the names of the command line. */
export const WAYS: ReadonlyMap<string, Way> = new Map([
  ['leasehold', leasehold],
  ['naive', naive],
  ['naive-retry', naiveWithRetry],
])

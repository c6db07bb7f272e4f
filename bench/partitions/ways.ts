import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { applyPlan, planPartitions, readCatalog } from '../../src/partitioning/index.ts'
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
  readonly log: (line: string) => void
}

/** A way to make months ahead and to take old ones away. */
export type Way = (place: JobPlace) => Promise<JobWork>

/** Waits for a step in production may be longer: here the clock goes on after seconds, not after a month. */
const LOCK_BUDGET_MS = 2_000
const GATE_BUDGET_MS = 10_000
const BETWEEN_RUNS_MS = 200

/** Plans of leasehold's, carried out by leasehold; what is retired is dropped once it lies detached, as its own drop step would. */
const leasehold: Way = async ({ client, runs, deadlineAtMs, replicas, enter, log }) => {
  const work: JobWork = { premakes: 0, retires: 0, retries: 0, spans: [] }
  let said = ''
  for (let run = 1; (run <= runs || work.retires < runs) && performance.now() < deadlineAtMs; run += 1) {
    const month = addMonths(firstMonth(runs), Math.min(run, runs) * PREMAKES_PER_RUN)
    const catalog = { ...(await readCatalog(client, SET)), nowUs: monthStartUs(month) + 1n }
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
    for (const { step } of ended('/secure'))
      await client.query(`drop table public_detached.${step.partition}`)
    if (run <= runs) await enter(month)
    await sleep(BETWEEN_RUNS_MS)
  }
  return work
}

/** What is written by hand in most places: one statement for each, which waits for its locks for as long as it takes. */
const naive: Way = (place) => byHand(place, 0)

/** The same, but it gives up after a tenth of a second, and tries again. */
const naiveWithRetry: Way = (place) => byHand(place, 100)

async function byHand(
  { client, runs, deadlineAtMs, enter }: JobPlace,
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
    const [oldest] = old.slice(run - 1)
    if (oldest !== undefined && (await send(`drop table ${partitionOf(oldest).table}`))) work.retires += 1
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

import { setTimeout as sleep } from 'node:timers/promises'
import type { Month } from '../../src/partitioning/months/month.ts'
import type { PoolerNode, PostgresNode } from '../../src/testing/index.ts'
import { Child } from '../processes/child.ts'
import { countIn, countRows, makeDatabase, open } from './database.ts'
import type { LoadFigures, LoadOrder, LoadStart } from './load-messages.ts'
import { firstMonth, monthStartMs } from './months.ts'
import type { JobWork, Way } from './ways.ts'

/** What a way is measured with. */
export interface LoadPlace {
  readonly primary: PostgresNode
  readonly pooler: PoolerNode
  readonly runs: number
  readonly writers: number
  readonly readers: number
  /** How long one reader stays idle in a transaction, from when the job begins. */
  readonly idleMs: number
  /** How long it may take beyond that. */
  readonly extraMs: number
  readonly quietMs: number
  readonly log: (line: string) => void
}

/** One way under load. */
export interface UnderLoad {
  readonly way: string
  readonly work: Omit<JobWork, 'spans'>
  readonly jobMs: number
  /** The same application before the job began. */
  readonly quiet: LoadFigures
  readonly during: LoadFigures
  /** What the job did during the longest stall. */
  readonly stalledBy: readonly string[]
  /** Acknowledged rows that are nowhere, less what was dropped on purpose. */
  readonly rowsMissing: number
}

const WARM_UP_MS = 1_500
const ANALYTIC_MS = 1_500
const ANSWER_MS = 40_000

/** Has an application work through the pooler while a job goes its way, in a database of its own. */
export async function measureUnderLoad(name: string, way: Way, place: LoadPlace): Promise<UnderLoad> {
  const { primary, pooler, runs, writers, readers, idleMs, extraMs, quietMs, log } = place
  const database = await makeDatabase(primary, runs)
  await using admin = await open(primary.adminUrl(database))
  await using job = await open(primary.url({ user: 'job', database }))
  const before = await countRows(admin.client)
  const url = `postgres://app@${pooler.host}:${pooler.port}/${database}`
  const month = monthStartMs(firstMonth(runs))
  const start: LoadStart = { url, writers, readers, idleMs, analyticMs: ANALYTIC_MS, month }
  await using load = new Child(new URL('load-process.ts', import.meta.url), start)
  const tell = (order: LoadOrder) => load.ask<LoadFigures>(order, ANSWER_MS)
  await sleep(WARM_UP_MS)
  await tell({ kind: 'phase', idle: false })
  await sleep(quietMs)
  const quiet = await tell({ kind: 'phase', idle: true })
  // The idle reader has its lock by then.
  await sleep(100)
  let dropped = 0
  const begunMs = performance.now()
  const work = await way({
    client: job.client,
    runs,
    deadlineAtMs: begunMs + idleMs + extraMs,
    replicas: [],
    enter: (next: Month) => tell({ kind: 'month', month: monthStartMs(next) }),
    beforeDrop: async (table) => {
      dropped += await countIn(admin.client, table)
    },
    log,
  })
  const jobMs = performance.now() - begunMs
  const during = await tell({ kind: 'end' })
  const rowsMissing = before + during.inserted - dropped - (await countRows(admin.client))
  const { spans, ...counts } = work
  const stallBegan = during.stallEndedAt - during.stallMs
  const stalledBy = spans
    .filter(({ fromMs, toMs }) => fromMs <= during.stallEndedAt && toMs >= stallBegan)
    .map(({ what }) => what)
  return { way: name, work: counts, jobMs, quiet, during, stalledBy, rowsMissing }
}

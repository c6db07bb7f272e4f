import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { applyPlan } from '../../../src/partitioning/run/apply-plan.ts'
import type { EventsDatabase } from '../../partitioning/run/support/events-database.ts'
import { allRows, fingerprint, pendingDetaches } from '../../partitioning/run/support/fingerprint.ts'

/** What there is once nobody disturbs a run. */
export interface Undisturbed {
  readonly rows: { readonly rows: number; readonly digest: string }
  readonly catalog: unknown
}

/** What was found in the database of a killed run. */
export interface Settling {
  readonly lost: number
  readonly twice: number
  readonly problems: readonly string[]
  /** Whether a detach was pending. */
  readonly wasPending: boolean
  /** Runs until all was as it should be. */
  readonly runs: number
}

const MOST_RUNS = 2
/** A backend whose client is gone may go on for as long as it takes it to notice. */
const BUSY_MS = 15_000
const CONNECT_MS = 30_000

/** Has runs go on after a killed one, and holds the database after each to what an undisturbed run comes to. */
export async function settle(database: EventsDatabase, wanted: Undisturbed): Promise<Settling> {
  const admin = await connect(database, 'postgres')
  const problems: string[] = []
  let [lost, twice, pending] = [0, 0, 0]
  const look = async () => {
    const left = await pendingDetaches(admin)
    pending = Math.max(pending, left)
    if (left > 1) problems.push(`${left} detaches are pending`)
    const found = await allRows(admin)
    if (isDeepStrictEqual(found, wanted.rows)) return
    const more = found.rows - wanted.rows.rows
    lost = Math.max(lost, -more)
    twice = Math.max(twice, more)
    problems.push(
      more === 0 ? 'other rows than before' : `${Math.abs(more)} rows too ${more < 0 ? 'few' : 'many'}`,
    )
  }
  try {
    await look()
    for (let runs = 0; ; runs += 1) {
      const isThere = isDeepStrictEqual(await fingerprintOf(database, admin), wanted.catalog)
      if (!isThere && runs === MOST_RUNS)
        problems.push(`not what an undisturbed run comes to, after ${runs} runs`)
      if (isThere || runs === MOST_RUNS) return { lost, twice, problems, wasPending: pending > 0, runs }
      await runAgain(database).catch((error: unknown) => problems.push(String(error)))
      await look()
    }
  } finally {
    await admin.end()
  }
}

/** One run that nobody disturbs. */
export async function runAgain(database: EventsDatabase): Promise<void> {
  const { set } = database
  const client = await connect(database, database.job)
  try {
    const replan = async () => planPartitions(set, await readCatalog(client, set))
    const { failed, deferred } = await applyPlan(await replan(), client, { replan, busyWaitMs: BUSY_MS })
    const left = [...failed.map(({ error }) => error.message), ...deferred.map(({ message }) => message)]
    if (left.length > 0) throw new Error(left.join('\n'))
  } finally {
    await client.end()
  }
}

/** The database's own administrator may have been cut off with the server. */
function fingerprintOf(database: EventsDatabase, admin: pg.Client): Promise<unknown> {
  const reconnected: EventsDatabase = Object.create(database, {
    admin: { value: admin },
    set: { value: database.set },
  })
  return fingerprint(reconnected)
}

/** Connects, also while the server recovers from a crash. */
async function connect(
  { address, name }: EventsDatabase,
  user: string,
): Promise<pg.Client & { processID: number }> {
  const until = performance.now() + CONNECT_MS
  for (;;) {
    const client = new pg.Client({ ...address, user, database: name })
    client.on('error', () => {})
    try {
      await client.connect()
      return client as pg.Client & { processID: number }
    } catch (error) {
      await client.end().catch(() => {})
      if (performance.now() > until) throw error
      await sleep(50)
    }
  }
}

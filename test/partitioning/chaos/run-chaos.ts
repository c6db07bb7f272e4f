import { isDeepStrictEqual } from 'node:util'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { applyPlan } from '../../../src/partitioning/run/apply-plan.ts'
import type { ServerAddress } from '../../../src/testing/rig/databases.ts'
import { Random } from '../../support/random.ts'
import { EventsDatabase } from '../run/support/events-database.ts'
import { allRows, fingerprint, pendingDetaches } from '../run/support/fingerprint.ts'
import { KillClient } from './kill-client.ts'
import { drawKillPoint, type KillPoint } from './kill-point.ts'

export interface ChaosOptions {
  readonly address: ServerAddress
  /** The same seed draws the same points. */
  readonly seed: number
  readonly kills: number
  readonly onKill?: (done: number, point: KillPoint) => void
}

/** What went wrong after one kill. */
export interface ChaosFailure {
  readonly point: KillPoint
  readonly problem: string
}

export interface ChaosReport {
  readonly seed: number
  readonly kills: number
  /** By the way, the place and the phase, such as `socket inside retire`. */
  readonly at: Readonly<Record<string, number>>
  /** How often as many runs were needed after the killed one. */
  readonly runsToConverge: readonly number[]
  /** Kills that left a detach pending. */
  readonly pending: number
  readonly failures: readonly ChaosFailure[]
  readonly tookMs: number
}

/** Runs after a killed one. */
const MOST_RUNS = 2
/** A backend whose client is gone may hold its lock for as long as it takes it to notice. */
const BUSY_MS = 15_000

/**
 * Kills runs at random points, each in a database of its own that is the same to the last byte, and has the next runs converge: to the
 * catalog that an undisturbed run comes to, with every row there once.
 */
export async function runChaos({ address, seed, kills, onKill }: ChaosOptions): Promise<ChaosReport> {
  const begun = performance.now()
  const random = new Random(seed)
  const at: Record<string, number> = {}
  const runsToConverge = Array.from({ length: MOST_RUNS + 1 }, () => 0)
  const failures: ChaosFailure[] = []
  let pending = 0
  await using original = await EventsDatabase.create(address)
  const rows = await allRows(original.admin)
  const wanted = await undisturbed(original)
  for (let done = 1; done <= kills; done += 1) {
    await using database = await EventsDatabase.clone(original)
    const { point, phase } = await killedRun(database, random)
    const key = `${point.way} ${point.place} ${phase}`
    at[key] = (at[key] ?? 0) + 1
    const fail = (problem: string) => failures.push({ point, problem })
    for (let runs = 0; ; runs += 1) {
      const left = await pendingDetaches(database.admin)
      if (runs === 0 && left > 0) pending += 1
      if (left > 1) fail(`${left} detaches are pending`)
      if (!isDeepStrictEqual(await allRows(database.admin), rows))
        fail(`rows are lost or there twice after ${runs} runs`)
      const isThere = isDeepStrictEqual(await fingerprint(database), wanted)
      if (isThere) runsToConverge[runs] = (runsToConverge[runs] ?? 0) + 1
      if (isThere || runs === MOST_RUNS) {
        if (!isThere) fail(`after ${runs} runs it is not what an undisturbed run comes to`)
        break
      }
      await nextRun(database).catch((error: unknown) => fail(String(error)))
    }
    onKill?.(done, point)
  }
  return { seed, kills, at, runsToConverge, pending, failures, tookMs: performance.now() - begun }
}

async function undisturbed(original: EventsDatabase): Promise<unknown> {
  await using database = await EventsDatabase.clone(original)
  await nextRun(database)
  return await fingerprint(database)
}

async function nextRun(database: EventsDatabase): Promise<void> {
  const { set } = database
  const client = await database.connect()
  const replan = async () => planPartitions(set, await readCatalog(client, set))
  const report = await applyPlan(await replan(), client, { replan, busyWaitMs: BUSY_MS })
  const left = [
    ...report.failed.map(({ error }) => error.message),
    ...report.deferred.map(({ message }) => message),
  ]
  await client.end()
  if (left.length > 0) throw new Error(left.join('\n'))
}

async function killedRun(
  database: EventsDatabase,
  random: Random,
): Promise<{ readonly point: KillPoint; readonly phase: string }> {
  const { set } = database
  const session = await database.connect()
  const plan = planPartitions(set, await readCatalog(session, set))
  const point = drawKillPoint(random, plan.steps)
  const step = plan.steps.find(({ id }) => id === point.step)
  if (!step) throw new Error(`no step ${point.step}`)
  const client = new KillClient(session, database, point, step)
  // Lost, or only a step of it: both are what is to be survived.
  await applyPlan(plan, client).catch(() => {})
  if (!client.killed) throw new Error(`the run was not killed at ${point.step}`)
  await session.end().catch(() => {})
  return { point, phase: step.phase }
}

import { isDeepStrictEqual } from 'node:util'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { applyPlan } from '../../../src/partitioning/run/apply-plan.ts'
import type { ServerAddress } from '../../../src/testing/rig/databases.ts'
import { Random } from '../../support/random.ts'
import { EventsDatabase } from '../run/support/events-database.ts'
import { allRows, fingerprint, pendingDetaches } from '../run/support/fingerprint.ts'
import { KillClient } from './kill-client.ts'
import { drawKillPoint } from './kill-point.ts'

export interface ChaosOptions {
  readonly address: ServerAddress
  /** The same seed draws the same points. */
  readonly seed: number
  /** Databases in which a run is killed, in some of them more than one. */
  readonly kills: number
  /** How many are worked on at once. @default 3 */
  readonly lanes?: number
  readonly onKill?: (done: number, met: Met) => void
}

/** What was met in one database. */
export interface Met {
  /** Where runs were killed: `socket inside 3 premake/public.events/2026-12/stage`. */
  readonly points: readonly string[]
  readonly problems: readonly string[]
  /** Most detaches that were pending at once. */
  readonly pending: number
  /** Runs that it took afterwards. */
  readonly runs: number
}

export interface ChaosReport {
  readonly seed: number
  readonly episodes: number
  readonly kills: number
  /** How often runs were killed at what kind of step: `socket inside stage`. */
  readonly at: Readonly<Record<string, number>>
  /** How often no further run, one, or two were needed. */
  readonly runsToConverge: readonly number[]
  /** Episodes in which a detach was pending. */
  readonly pending: number
  readonly failures: readonly Met[]
  readonly tookMs: number
}

interface Wanted {
  readonly rows: unknown
  readonly catalog: unknown
}

/** How often the run after a killed one is killed too. */
const AGAIN_PERCENT = 25
/** Runs after a killed one. */
const MOST_RUNS = 2
/** A backend whose client is gone may hold its lock for as long as it takes it to notice. */
const BUSY_MS = 15_000

/**
 * Kills runs at random points, each in a database of its own that is the same to the last byte, and has the next runs converge: to the
 * catalog that an undisturbed run comes to, with every row there once.
 */
export async function runChaos({
  address,
  seed,
  kills,
  lanes = 3,
  onKill,
}: ChaosOptions): Promise<ChaosReport> {
  const begun = performance.now()
  await using original = await EventsDatabase.create(address)
  const wanted: Wanted = { rows: await allRows(original.admin), catalog: await undisturbed(original) }
  const met: Met[] = []
  let next = 0
  const lane = async () => {
    while (next < kills) {
      next += 1
      const episode = await runEpisode(original, wanted, new Random(seed + next * 7_919))
      met.push(episode)
      onKill?.(met.length, episode)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return { seed, ...tally(met), tookMs: performance.now() - begun }
}

/** A run that is killed, sometimes another one after it, and runs until all is well. */
async function runEpisode(original: EventsDatabase, wanted: Wanted, random: Random): Promise<Met> {
  await using database = await EventsDatabase.clone(original)
  const points: string[] = []
  const problems: string[] = []
  let pending = 0
  const look = async () => {
    const left = await pendingDetaches(database.admin)
    pending = Math.max(pending, left)
    if (left > 1) problems.push(`${left} detaches are pending`)
    if (!isDeepStrictEqual(await allRows(database.admin), wanted.rows))
      problems.push('rows are lost, or there twice')
  }
  do {
    const point = await killedRun(database, random)
    if (!point) break
    points.push(point)
    await look()
  } while (random.chance(AGAIN_PERCENT))
  for (let runs = 0; ; runs += 1) {
    if (isDeepStrictEqual(await fingerprint(database), wanted.catalog))
      return { points, problems, pending, runs }
    if (runs === MOST_RUNS) {
      return {
        points,
        problems: [...problems, `after ${runs} runs it is not what an undisturbed run comes to`],
        pending,
        runs,
      }
    }
    await nextRun(database).catch((error: unknown) => problems.push(String(error)))
    await look()
  }
}

function tally(met: readonly Met[]): Omit<ChaosReport, 'seed' | 'tookMs'> {
  const at: Record<string, number> = {}
  const runsToConverge = Array.from({ length: MOST_RUNS + 1 }, () => 0)
  for (const { points, runs } of met) {
    runsToConverge[runs] = (runsToConverge[runs] ?? 0) + 1
    for (const point of points) {
      const kind = point.replace(/ \d+ | (?=\S+$)/, ' ').replace(/ \S+\/(?=[^/]+$)/, ' ')
      at[kind] = (at[kind] ?? 0) + 1
    }
  }
  return {
    episodes: met.length,
    kills: met.reduce((sum, { points }) => sum + points.length, 0),
    at,
    runsToConverge,
    pending: met.filter(({ pending }) => pending > 0).length,
    failures: met.filter(({ problems }) => problems.length > 0),
  }
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

/** @returns where, in words; nothing where a run has nothing to do any more */
async function killedRun(database: EventsDatabase, random: Random): Promise<string | undefined> {
  const { set } = database
  const session = await database.connect()
  const plan = planPartitions(set, await readCatalog(session, set))
  if (plan.steps.length === 0) return undefined
  const point = drawKillPoint(random, plan.steps)
  const step = plan.steps.find(({ id }) => id === point.step)
  if (!step) throw new Error(`no step ${point.step}`)
  const client = new KillClient(session, database, point, step)
  // Lost, or only a step of it: both are what is to be survived.
  await applyPlan(plan, client, { busyWaitMs: BUSY_MS }).catch(() => {})
  if (!client.killed) throw new Error(`the run was not killed at ${point.step}`)
  await session.end().catch(() => {})
  const { way, place, statement, held } = point
  const inside = step.kind === 'statement' ? `(${held} in use)` : statement
  return `${way} ${place === 'inside' ? `inside ${inside}` : place} ${step.id}`
}

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { EventsDatabase } from '../../partitioning/run/support/events-database.ts'
import { allRows, fingerprint } from '../../partitioning/run/support/fingerprint.ts'
import { Random } from '../../support/random.ts'
import { killJob } from './killed-job.ts'
import { runAgain, type Settling, settle, type Undisturbed } from './settled-database.ts'

/** What is killed: the process of the job, or the server below it, which recovers from its log. */
export type Victim = 'process' | 'server'

/** One killed run, and what came of it. */
export interface KilledRun extends Settling {
  readonly victim: Victim
  /** `process 12 ms into premake/public.events/2027-01/attach` */
  readonly point: string
}

export interface KilledProcessesOptions {
  readonly rig: Rig
  readonly seed: number
  /** How many of each. */
  readonly kills: Readonly<Record<Victim, number>>
  readonly onKill?: (run: KilledRun) => void
}

/** Jobs at once; one whose server is killed is alone, since a server has all databases. */
const LANES: Readonly<Record<Victim, number>> = { process: 2, server: 1 }
/** Jobs that may be done before their moment comes, in a row. */
const MOST_IN_VAIN = 20
const MOST_STEP_MS = 12
const READ_MS = 250
const DOWN_MS = 20_000

/**
 * Kills jobs, and servers, at random moments of random steps, each in a database of its own, half of them under a reader that keeps a
 * detach waiting, and has the next runs converge.
 */
export async function killProcesses({
  rig,
  seed,
  kills,
  onKill,
}: KilledProcessesOptions): Promise<KilledRun[]> {
  await using original = await EventsDatabase.create(rig.primary)
  // Its session is given up with the first clone.
  const steps = planPartitions(original.set, await readCatalog(original.admin, original.set)).steps.length
  const rows = await allRows(original.admin)
  const wanted: Undisturbed = { rows, catalog: await undisturbed(original) }
  const runs: KilledRun[] = []
  for (const victim of ['process', 'server'] as const) {
    let begun = 0
    const lane = async () => {
      while (begun < kills[victim]) {
        begun += 1
        const random = new Random(seed * 31 + begun * 7_919 + (victim === 'server' ? 1 : 0))
        const run = await killOne({ rig, original, wanted, steps, victim, random })
        runs.push(run)
        onKill?.(run)
      }
    }
    await Promise.all(Array.from({ length: LANES[victim] }, lane))
  }
  return runs
}

interface KillOrder {
  readonly rig: Rig
  readonly original: EventsDatabase
  readonly wanted: Undisturbed
  /** Of a run that has everything to do. */
  readonly steps: number
  readonly victim: Victim
  readonly random: Random
}

async function killOne({ rig, original, wanted, steps, victim, random }: KillOrder): Promise<KilledRun> {
  const { primary } = rig
  for (let inVain = 0; inVain < MOST_IN_VAIN; inVain += 1) {
    await using database = await EventsDatabase.clone(original)
    const moment = { number: 1 + random.below(steps), afterMs: random.below(MOST_STEP_MS) }
    const stop = new AbortController()
    const readers = random.chance(50) ? readOn(database, stop.signal) : undefined
    const url = primary.url({ user: database.job, database: database.name })
    const step = await killJob({ url, set: database.set }, moment, async (job) => {
      if (victim === 'process') job.kill('SIGKILL')
      else await crash(rig)
    })
    stop.abort()
    await readers
    // A job that was done by then was not killed: that moment counts for nothing.
    if (step === undefined) continue
    const settled = await settle(database, wanted)
    return { victim, point: `${victim} ${moment.afterMs} ms into ${step}`, ...settled }
  }
  throw new Error(`No job out of ${MOST_IN_VAIN} came to the step at which it was to be killed.`)
}

/** `pg_ctl stop -m immediate`: no checkpoint, every session cut, and recovery from the log at the next start. */
async function crash({ primary }: Rig): Promise<void> {
  process.kill(primary.pid, 'SIGQUIT')
  const until = performance.now() + DOWN_MS
  while (primary.isRunning && performance.now() < until) await sleep(5)
  await primary.restart()
}

/** Reads all partitions in short transactions, so that a detach has somebody to wait for. */
async function readOn({ address, name }: EventsDatabase, signal: AbortSignal): Promise<void> {
  const client = new pg.Client({ ...address, user: 'postgres', database: name })
  client.on('error', () => {})
  try {
    await client.connect()
    while (!signal.aborted) {
      await client.query('begin; select count(*) from events')
      await sleep(READ_MS, undefined, { signal }).catch(() => {})
      await client.query('commit')
    }
  } catch {
    // The server it reads from was killed.
  } finally {
    await client.end().catch(() => {})
  }
}

async function undisturbed(original: EventsDatabase): Promise<unknown> {
  await using database = await EventsDatabase.clone(original)
  await runAgain(database)
  return await fingerprint(database)
}

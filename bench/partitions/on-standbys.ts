import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { monthText } from '../../src/partitioning/months/month.ts'
import type { Rig } from '../../src/testing/index.ts'
import { makeDatabase, open } from './database.ts'
import { firstMonth } from './months.ts'
import { ReplayWatch } from './replay-watch.ts'
import { TENANT_IDS } from './schema.ts'
import { StandbyReaders } from './standby-readers.ts'
import type { JobWork, Way } from './ways.ts'

/** What the standbys of a way went through. */
export interface OnStandbys {
  readonly way: string
  readonly work: Omit<JobWork, 'spans'>
  readonly jobMs: number
  readonly longReads: number
  readonly cancelled: number
  readonly mostLagMs: number
  /** The longest of the short reads, of a month that no job touches. */
  readonly longestReadMs: number
  /** The same two before the job began. */
  readonly quiet: { readonly mostLagMs: number; readonly longestReadMs: number }
}

export interface StandbyPlace {
  readonly rig: Rig
  readonly runs: number
  readonly limitMs: number
  readonly log: (line: string) => void
}

const QUIET_MS = 6_000
/** Longer than a standby waits for its readers, and than they read. */
const AFTERWARDS_MS = 6_000
const WRITE_EVERY_MS = 5

/** Has standbys read while a job goes its way on their primary, which is written to all the time. */
export async function measureOnStandbys(name: string, way: Way, place: StandbyPlace): Promise<OnStandbys> {
  const { rig, runs, limitMs, log } = place
  const { primary, standbys } = rig
  const database = await makeDatabase(primary, runs)
  const lsn = await primary.currentLsn()
  await Promise.all(standbys.map((standby) => standby.awaitReplay(lsn)))
  await using resources = new AsyncDisposableStack()
  const session = async (url: string) => resources.use(await open(url)).client
  const admin = await session(primary.adminUrl(database))
  const job = await session(primary.url({ user: 'job', database }))
  const watching = await Promise.all(standbys.map((standby) => session(standby.adminUrl(database))))
  const newest = `at >= '${monthText(firstMonth(runs))}-01 00:00:00+00'`
  const stop = new AbortController()
  const writing = write(await session(primary.adminUrl(database)), runs, stop.signal)
  const measure = async <Result>(during: () => Promise<Result>) => {
    const readers = standbys.map((standby) => new StandbyReaders(standby.adminUrl(database), newest))
    const watch = new ReplayWatch(admin, watching)
    let result: Result
    try {
      result = await during()
    } finally {
      await Promise.all([watch.end(), ...readers.map((each) => each.end())])
    }
    return {
      result,
      mostLagMs: watch.mostLagMs,
      longestReadMs: Math.max(...readers.map(({ longestMs }) => longestMs)),
      longReads: readers.reduce((sum, each) => sum + each.longReads, 0),
      cancelled: readers.reduce((sum, each) => sum + each.cancelled, 0),
    }
  }
  const { mostLagMs, longestReadMs } = await measure(() => sleep(QUIET_MS))
  const replicas = await Promise.all(
    standbys.map(async (standby, n) => ({
      name: `standby ${n + 1}`,
      client: await session(standby.adminUrl(database)),
    })),
  )
  const begunMs = performance.now()
  const { result, ...during } = await measure(async () => {
    // Long readers have begun by then.
    await sleep(500)
    const done = await way({
      client: job,
      runs,
      deadlineAtMs: begunMs + limitMs,
      replicas,
      enter: async () => {},
      beforeDrop: async () => {},
      log,
    })
    // Who is in the way of the replay has to stay in it.
    await sleep(AFTERWARDS_MS)
    return done
  })
  stop.abort()
  await writing
  const { spans: _, ...work } = result
  return {
    way: name,
    work,
    jobMs: performance.now() - begunMs - AFTERWARDS_MS,
    ...during,
    quiet: { mostLagMs, longestReadMs },
  }
}

/** So that there is always something to replay. */
async function write(client: pg.Client, runs: number, signal: AbortSignal): Promise<void> {
  const at = `${monthText(firstMonth(runs))}-01 00:00:00+00`
  while (!signal.aborted) {
    await client.query("insert into events (tenant_id, at, body) values ($1, $2, 'written')", [
      TENANT_IDS[0],
      at,
    ])
    await sleep(WRITE_EVERY_MS)
  }
}

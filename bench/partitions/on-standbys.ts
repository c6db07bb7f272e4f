import { setTimeout as sleep } from 'node:timers/promises'
import { monthText } from '../../src/partitioning/months/month.ts'
import type { Rig } from '../../src/testing/index.ts'
import { makeDatabase, open } from './database.ts'
import { firstMonth, partitionOf } from './months.ts'
import { ReplayWatch } from './replay-watch.ts'
import { StandbyReaders } from './standby-readers.ts'
import type { JobWork, Way } from './ways.ts'

/** What the standbys of a way went through. */
export interface OnStandbys {
  readonly way: string
  readonly work: JobWork
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

const QUIET_MS = 3_000
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
    const result = await during().finally(() =>
      Promise.all([watch.end(), ...readers.map((each) => each.end())]),
    )
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
  const { result: work, ...during } = await measure(async () => {
    // Long readers have begun by then.
    await sleep(500)
    return way({ client: job, runs, deadlineAtMs: begunMs + limitMs, replicas, enter: async () => {}, log })
  })
  stop.abort()
  await writing
  return {
    way: name,
    work,
    jobMs: performance.now() - begunMs,
    ...during,
    quiet: { mostLagMs, longestReadMs },
  }
}

/** A little of everything that is replayed. */
async function write(
  client: Awaited<ReturnType<typeof open>>['client'],
  runs: number,
  signal: AbortSignal,
): Promise<void> {
  const { table } = partitionOf(firstMonth(runs))
  const insert = `insert into ${table} (tenant_id, at, id, body) select tenant_id, at, -random(1, 1000000000), 'written' from ${table} limit 1 on conflict do nothing`
  while (!signal.aborted) {
    await client.query(insert)
    await sleep(WRITE_EVERY_MS)
  }
}

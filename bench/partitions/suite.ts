import { startPgbouncer, startRig } from '../../src/testing/index.ts'
import type { BenchOptions } from '../options.ts'
import type { Suite } from '../suite.ts'
import { open } from './database.ts'
import { measureOnStandbys, type OnStandbys } from './on-standbys.ts'
import { formatFigures, judgeFigures, standbyRuns } from './report.ts'
import { ROLES } from './schema.ts'
import { measureUnderLoad, type UnderLoad } from './under-load.ts'
import { WAYS } from './ways.ts'

/** 24 premakes and 12 retires. */
const MOST_RUNS = 12
const WRITERS = 6
const READERS = 3
const MOST_IDLE_MS = 60_000
const STANDBYS = 'standbys'
const STANDBY_WAYS: readonly string[] = ['leasehold', 'naive']

/**
 * Partitions made ahead and taken away while an application works through pgbouncer, and while standbys read.
 *
 * `--rounds` are runs of the job, at most 12; of `--seconds`, half is how long one reader is idle in its transaction. `--peers` names ways,
 * and `standbys` for what is measured there.
 */
export const partitionsSuite: Suite = {
  name: 'partitions',
  async run(options, log) {
    const names = chosen(options)
    const runs = Math.min(MOST_RUNS, options.rounds)
    const idleMs = Math.min(MOST_IDLE_MS, options.seconds * 500)
    const underLoad: UnderLoad[] = []
    const onStandbys: OnStandbys[] = []
    {
      await using resources = new AsyncDisposableStack()
      const rig = resources.use(
        await startRig({ standbys: 0, redis: false, settings: { shared_buffers: '256MB' } }),
      )
      await makeRoles(rig.primary.adminUrl())
      const pooler = resources.use(
        await startPgbouncer({
          version: '1.24',
          target: rig.primary,
          poolSize: WRITERS + READERS + 3,
          users: ['app'],
          settings: { max_client_conn: 200 },
        }),
      )
      for (const [name, way] of WAYS) {
        if (!names.includes(name)) continue
        log(`${name}: under load, one reader idle in its transaction for ${idleMs / 1_000} s`)
        const place = { primary: rig.primary, pooler, runs, writers: WRITERS, readers: READERS, idleMs, log }
        underLoad.push(
          await measureUnderLoad(name, way, { ...place, extraMs: idleMs + 60_000, quietMs: 5_000 }),
        )
      }
    }
    if (names.includes(STANDBYS)) {
      await using rig = await startRig({ redis: false, settings: { max_standby_streaming_delay: '3s' } })
      await makeRoles(rig.primary.adminUrl())
      for (const [name, way] of WAYS) {
        if (!STANDBY_WAYS.includes(name)) continue
        log(`${name}: with two standbys that read`)
        onStandbys.push(
          await measureOnStandbys(name, way, { rig, runs: standbyRuns(runs), limitMs: 120_000, log }),
        )
      }
    }
    const figures = { runs, underLoad, onStandbys }
    return {
      text: formatFigures(figures),
      document: { settings: { runs, idleMs, writers: WRITERS, readers: READERS }, underLoad, onStandbys },
      failures: options.check ? judgeFigures(figures) : [],
    }
  },
}

function chosen({ peers }: BenchOptions): readonly string[] {
  const all = [...WAYS.keys(), STANDBYS]
  const unknown = peers?.filter((name) => !all.includes(name)) ?? []
  if (unknown.length > 0)
    throw new Error(`There is no way ${unknown.join(', ')}. There are: ${all.join(', ')}.`)
  return peers ?? all
}

async function makeRoles(url: string): Promise<void> {
  await using admin = await open(url)
  await admin.client.query(ROLES)
}

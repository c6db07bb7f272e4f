import { runCacheSoak } from './cache/run-cache-soak.ts'
import { startCacheRig } from './cache/soak-places.ts'
import { NOTHING_FOUND, type SoakFindings } from './soak-report.ts'
import type { SoakRequest, SoakSuite } from './suite.ts'

/** So that each of the points at which a process is killed is met often. */
const CRASH_EVERY = 600
const MS_PER_HIT = 5
const MOST_EXAMPLES = 5

/**
 * Four processes read and write through the cache, on replicas that lag, and are killed in the middle of its protocol; every hit is held
 * to what had been acknowledged. The control forgets after the commit, as caches commonly do.
 */
export const cacheSuite: SoakSuite = { name: 'cache', hasControl: true, run }

async function run({ transactions, seed, faults, engine, say }: SoakRequest): Promise<SoakFindings> {
  const { rig, places } = await startCacheRig()
  try {
    const result = await runCacheSoak({
      protocol: engine === 'leasehold' ? 'leasehold' : 'delete after commit',
      places,
      seed,
      hits: transactions,
      limitMs: 60_000 + MS_PER_HIT * transactions,
      crashEvery: faults ? CRASH_EVERY : 0,
      say,
    })
    const { hits, gets, writes, stale, crashes, errors, seconds } = result
    return {
      ...NOTHING_FOUND,
      transactions: hits,
      faults: crashes,
      staleReads: stale.length,
      violations: hits < transactions ? [`only ${hits} hits in time`] : [],
      details: {
        gets,
        writes,
        errors,
        hitsPerSecond: Math.round(hits / seconds),
        examples: stale.slice(0, MOST_EXAMPLES).map(({ version, newest }) => ({ version, newest })),
      },
    }
  } finally {
    await rig.stop()
  }
}

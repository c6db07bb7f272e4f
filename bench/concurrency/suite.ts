import type { BenchOptions } from '../options.ts'
import { builtEntry } from '../processes/built-entry.ts'
import type { Suite } from '../suite.ts'
import type { ConcurrencyFigures, SlowMeasured } from './figures.ts'
import {
  measureRequests,
  OUTSIDE_MS,
  REQUESTS_AT_ONCE,
  type RequestsMeasured,
} from './requests/measure-requests.ts'
import { REQUEST_CASES } from './requests/ways.ts'
import { type Servers, startServers } from './servers.ts'
import { measureSlow, READS_PER_SECOND, SLOW_READS, WRITES_PER_SECOND } from './slow/measure-slow.ts'
import type { SlowFigures } from './slow/messages.ts'
import { SLOW_CASES, SLOW_SECONDS, slowLabel } from './slow/ways.ts'
import { formatFigures } from './tables.ts'
import { formatTargets, judgeTargets } from './targets.ts'
import { toResults } from './to-results.ts'

const MOST_REPEATS = 5
/** Of `--seconds`: how long each way serves requests, and how long others are measured beside slow reads. */
const REQUESTS_SHARE = 1 / 12
const WINDOW_SHARE = 1 / 20

const REQUESTS = 'requests'
const SLOW = 'slow'

/**
 * How many server connections requests take that work outside the database, and how long others wait beside slow reads.
 *
 * `--rounds` are repeats of the slow reads, at most 5. `--peers` names `requests` and `slow`.
 */
export const concurrencySuite: Suite = {
  name: 'concurrency',
  async run(options, log) {
    const parts = chosen(options)
    const entry = builtEntry(options.entry)
    await using resources = new AsyncDisposableStack()
    log('Starting PostgreSQL')
    const servers = await startServers(resources)
    const figures: ConcurrencyFigures = {
      requests: parts.includes(REQUESTS) ? await runRequests(options, servers, entry, log) : [],
      slow: parts.includes(SLOW) ? await runSlow(options, servers, entry, log) : [],
    }
    const results = toResults(figures)
    const verdicts = options.check ? judgeTargets(figures) : []
    const targets = options.check ? `\n\n${formatTargets(verdicts)}` : ''
    const foreignRows = results.reduce((sum, result) => sum + result.foreignRows, 0)
    const missed = verdicts.filter(({ met }) => !met).length
    const settings = {
      postgres: servers.version,
      requests: { atOnce: REQUESTS_AT_ONCE, outsideMs: OUTSIDE_MS },
      slow: {
        ...{ slowReads: SLOW_READS, slowSeconds: SLOW_SECONDS },
        ...{ readsPerSecond: READS_PER_SECOND, writesPerSecond: WRITES_PER_SECOND },
      },
    }
    return {
      text: `${formatFigures(figures)}${targets}`,
      document: { settings, results, targets: verdicts },
      failures: [
        ...(foreignRows > 0 ? [`${foreignRows} rows of other tenants were answered.`] : []),
        ...(missed > 0 ? [`${missed} targets were missed.`] : []),
      ],
    }
  },
}

async function runRequests(
  { seconds }: BenchOptions,
  servers: Servers,
  entry: string,
  log: (line: string) => void,
): Promise<readonly RequestsMeasured[]> {
  const measured: RequestsMeasured[] = []
  for (const requestCase of REQUEST_CASES) {
    log(`Requests: ${requestCase.way}, ${requestCase.connections} connections`)
    measured.push(await measureRequests(servers, requestCase, entry, seconds * 1_000 * REQUESTS_SHARE))
  }
  return measured
}

async function runSlow(
  { rounds, seconds }: BenchOptions,
  servers: Servers,
  entry: string,
  log: (line: string) => void,
): Promise<readonly SlowMeasured[]> {
  const repeats = Math.min(MOST_REPEATS, rounds)
  const measured = SLOW_CASES.map((slowCase) => ({ slowCase, repeats: [] as SlowFigures[] }))
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    log(`Slow reads, ${repeat + 1} of ${repeats}`)
    for (const { slowCase, repeats: done } of measured) {
      const figures = await measureSlow(servers, slowCase, entry, seconds * 1_000 * WINDOW_SHARE)
      const longest = `${figures.reads.before.maxMs.toFixed(1)} ms, then ${figures.reads.during.maxMs.toFixed(1)} ms`
      log(`  ${slowLabel(slowCase)}: the longest read ${longest}`)
      done.push(figures)
    }
  }
  return measured
}

function chosen({ peers }: BenchOptions): readonly string[] {
  const all = [REQUESTS, SLOW]
  const unknown = peers?.filter((name) => !all.includes(name)) ?? []
  if (unknown.length > 0) {
    throw new Error(`There is no part ${unknown.join(', ')}. There are: ${all.join(', ')}.`)
  }
  return peers ?? all
}

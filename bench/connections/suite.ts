import type { BenchOptions } from '../options.ts'
import type { Worker } from '../patients/worker.ts'
import { builtEntry } from '../processes/built-entry.ts'
import type { Report } from '../report/result.ts'
import { formatTable } from '../report/table.ts'
import { formatTargets, judgeTargets } from '../report/targets.ts'
import type { Suite } from '../suite.ts'
import { measureRoundTrips, SERVER_CONNECTIONS, startTopology } from '../topology/topology.ts'
import { type BuiltWay, CALLERS, measureWays } from './measure-ways.ts'
import { startPgbench } from './pgbench/start-pgbench.ts'
import { formatSweep } from './sweep-table.ts'
import { connectionTargets, scenarioAt } from './targets.ts'
import {
  labelOf,
  MULTIPLEXED_ON_FEW,
  PGBENCH,
  PIPELINED_ON_FEW,
  RAW_ON_MANY,
  SWEEP,
  WAYS,
  type Way,
} from './ways.ts'

const SWEEP_NAME = 'sweep'
/** Of the time: there are more ways in it, and each has a shorter slice. */
const SWEEP_SHARE = 1 / 3
const MOST_SWEEP_ROUNDS = 7

/**
 * One-statement reads of many tenants, by many callers on few connections and on many.
 *
 * `--peers` names ways as the table does, and `sweep`; `--candidate` is a build that shares 2 connections.
 */
export const connectionsSuite: Suite = {
  name: 'connections',
  async run(options, log) {
    const { settings, main, sweep, withoutPgbench } = await measure(options, log)
    const verdicts = options.check ? judgeTargets(main, connectionTargets(withoutPgbench === undefined)) : []
    const results = [...main.results, ...(sweep?.results ?? [])]
    const foreignRows = results.reduce((sum, result) => sum + result.foreignRows, 0)
    const missed = verdicts.filter(({ met }) => !met).length
    const blocks = [
      formatTable(main.results),
      sweep && formatSweep(sweep.results),
      withoutPgbench && `${PGBENCH} was not measured and is not judged: ${withoutPgbench}`,
      options.check && formatTargets(verdicts),
    ]
    return {
      text: blocks.filter(Boolean).join('\n\n'),
      document: {
        settings: { ...settings, ...main.settings, sweep: sweep?.settings },
        results,
        targets: verdicts,
      },
      failures: [
        ...(foreignRows > 0 ? [`${foreignRows} rows of other tenants were answered.`] : []),
        ...(missed > 0 ? [`${missed} targets were missed.`] : []),
      ],
    }
  },
}

interface Measured {
  readonly settings: Readonly<Record<string, unknown>>
  readonly main: Report
  readonly sweep: Report | undefined
  /** Why pgbench could not be had, where it could not. */
  readonly withoutPgbench: string | undefined
}

async function measure(options: BenchOptions, log: (line: string) => void): Promise<Measured> {
  const { rounds, seconds } = options
  const names = chosen(options)
  const ways = builtWays(WAYS, options)
  for (const label of ways.keys()) if (!names.includes(label)) ways.delete(label)
  if (options.candidate !== undefined) {
    ways.set('candidate', { ...MULTIPLEXED_ON_FEW, entry: builtEntry(options.candidate) })
  }
  await using resources = new AsyncDisposableStack()
  log('Starting PostgreSQL and pgbouncer')
  const topology = await startTopology(resources)
  const pgbench = names.includes(PGBENCH) ? await startPgbench(topology, resources, log) : undefined
  const settings = {
    callers: CALLERS,
    serverConnections: SERVER_CONNECTIONS,
    ...topology.versions,
    pgbench: typeof pgbench === 'object' ? pgbench.settings : pgbench,
    roundTripMs: await measureRoundTrips(topology),
  }
  log(JSON.stringify(settings))
  const hasSweep = names.includes(SWEEP_NAME)
  const main = await measureWays({
    topology,
    ways,
    workers: new Map<string, Worker>(typeof pgbench === 'object' ? [[PGBENCH, pgbench.worker]] : []),
    raw: labelOf(RAW_ON_MANY),
    rounds,
    seconds: hasSweep ? seconds * (1 - SWEEP_SHARE) : seconds,
    scenarioAt,
    log,
  })
  if (hasSweep) log('Sweep')
  const sweep = hasSweep
    ? await measureWays({
        topology,
        ways: builtWays(SWEEP, options),
        workers: new Map(),
        raw: labelOf(PIPELINED_ON_FEW),
        rounds: Math.min(MOST_SWEEP_ROUNDS, rounds),
        seconds: seconds * SWEEP_SHARE,
        scenarioAt: (distance) => `${SWEEP_NAME}, ${distance}`,
        log,
      })
    : undefined
  return { settings, main, sweep, withoutPgbench: typeof pgbench === 'string' ? pgbench : undefined }
}

function builtWays(ways: readonly Way[], { entry }: BenchOptions): Map<string, BuiltWay> {
  return new Map(ways.map((way) => [labelOf(way), { ...way, entry: builtEntry(entry) }]))
}

function chosen({ peers }: BenchOptions): readonly string[] {
  const all = [...WAYS.map(labelOf), PGBENCH, SWEEP_NAME]
  const unknown = peers?.filter((name) => !all.includes(name)) ?? []
  if (unknown.length > 0) {
    throw new Error(`There is no way ${unknown.join(', ')}. There are: ${all.join('; ')}.`)
  }
  return peers ?? all
}

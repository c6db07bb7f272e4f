import { columns } from '../report/columns.ts'
import type { Result } from '../report/result.ts'
import type { Stampede } from './stampede.ts'

/** A result, with how its median latency compares. */
export interface CacheResult extends Result {
  readonly p50ToRaw: number
  readonly p50Interval: readonly [low: number, high: number]
}

type Row = readonly string[]

const TITLES: Row = ['peer', 'p50 us', 'to raw', '95 %', 'p99 us', 'ops/s', 'to raw', '95 %', 'client us/op']

/** The results, one block for each scenario, and the stampedes. */
export function formatReport(results: readonly CacheResult[], stampedes: readonly Stampede[]): string {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))]
  const blocks = scenarios.map((scenario) => {
    const own = results.filter((result) => result.scenario === scenario)
    return `${scenario}\n${columns([TITLES, ...own.map(rowOf)])}`
  })
  const rows = stampedes.map(({ peer, loads, tookMs }) => [
    peer,
    loads.join(' '),
    Math.max(...tookMs).toFixed(0),
  ])
  const stampede = `stampede: loads of one cold key, each time\n${columns([['peer', 'loads', 'slowest ms'], ...rows])}`
  return [...blocks, ...(rows.length > 0 ? [stampede] : [])].join('\n\n')
}

function rowOf(result: CacheResult): Row {
  const { p50ToRaw, p50Interval, ratioToRaw, ratioInterval } = result
  return [
    result.peer,
    (result.p50Ms * 1e3).toFixed(1),
    p50ToRaw.toFixed(2),
    range(p50Interval),
    (result.p99Ms * 1e3).toFixed(0),
    Math.round(result.opsPerSecond).toLocaleString('en-US'),
    ratioToRaw.toFixed(2),
    range(ratioInterval),
    result.cpuUsPerOp.toFixed(1),
  ]
}

function range([low, high]: readonly [number, number]): string {
  return `${low.toFixed(2)}-${high.toFixed(2)}`
}

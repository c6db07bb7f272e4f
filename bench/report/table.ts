import { columns } from './columns.ts'
import type { Result } from './result.ts'

const COLUMNS: readonly [title: string, cell: (result: Result) => string][] = [
  ['peer', ({ peer }) => peer],
  ['ops/s', ({ opsPerSecond }) => Math.round(opsPerSecond).toLocaleString('en-US')],
  ['to raw', ({ ratioToRaw }) => fixed(ratioToRaw, 2)],
  ['95 %', ({ ratioInterval: [low, high] }) => `${fixed(low, 2)}-${fixed(high, 2)}`],
  ['p50 ms', ({ p50Ms }) => fixed(p50Ms, 2)],
  ['p99 ms', ({ p99Ms }) => fixed(p99Ms, 2)],
  ['max ms', ({ maxMs }) => fixed(maxMs, 1)],
  ['client us/op', ({ cpuUsPerOp }) => fixed(cpuUsPerOp, 0)],
  ['foreign rows', ({ foreignRows }) => String(foreignRows)],
]

/** The results, one block for each scenario. */
export function formatTable(results: readonly Result[]): string {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))]
  return scenarios
    .map((scenario) => {
      const own = results.filter((result) => result.scenario === scenario)
      return `${scenario}\n${formatBlock(own)}`
    })
    .join('\n\n')
}

function formatBlock(results: readonly Result[]): string {
  return columns([
    COLUMNS.map(([title]) => title),
    ...results.map((result) => COLUMNS.map(([, cell]) => cell(result))),
  ])
}

function fixed(figure: number, digits: number): string {
  return Number.isNaN(figure) ? '?' : figure.toFixed(digits)
}

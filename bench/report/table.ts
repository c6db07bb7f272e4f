import type { Result } from './result.ts'

const COLUMNS: readonly [title: string, cell: (result: Result) => string][] = [
  ['peer', ({ peer }) => peer],
  ['ops/s', ({ opsPerSecond }) => Math.round(opsPerSecond).toLocaleString('en-US')],
  ['to raw', ({ ratioToRaw }) => ratioToRaw.toFixed(2)],
  ['95 %', ({ ratioInterval: [low, high] }) => `${low.toFixed(2)}-${high.toFixed(2)}`],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(2)],
  ['max ms', ({ maxMs }) => maxMs.toFixed(1)],
  ['client us/op', ({ cpuUsPerOp }) => cpuUsPerOp.toFixed(0)],
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
  const lines = [
    COLUMNS.map(([title]) => title),
    ...results.map((result) => COLUMNS.map(([, cell]) => cell(result))),
  ]
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) => line.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join('  '))
    .join('\n')
}

function pad(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

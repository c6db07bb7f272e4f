import type { VariantResult } from './score.ts'

const COLUMNS: readonly [title: string, cell: (result: VariantResult, baseline: number) => string][] = [
  ['', ({ name }) => name],
  ['operations', ({ operations }) => count(operations)],
  ['foreign rows', ({ foreignRows }) => count(foreignRows)],
  ['wrong answers', ({ wrongAnswers }) => count(wrongAnswers)],
  ['round trips/op', ({ roundTripsPerOperation }) => roundTripsPerOperation.toFixed(2)],
  ['throughput', ({ operationsPerSecond }, baseline) => `${(operationsPerSecond / baseline).toFixed(2)}x`],
  ['ops/s', ({ operationsPerSecond }) => count(Math.round(operationsPerSecond))],
  ['server connections', ({ serverConnections }) => count(serverConnections)],
]

/** The results side by side; throughput is relative to hand-written. */
export function formatTable(results: readonly VariantResult[]): string {
  const baseline = results.find(({ name }) => name === 'hand-written')?.operationsPerSecond ?? Number.NaN
  const lines = [
    COLUMNS.map(([title]) => title),
    ...results.map((result) => COLUMNS.map(([, cell]) => cell(result, baseline))),
  ]
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      ),
    )
    .map((cells) => cells.join('  '))
    .join('\n')
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

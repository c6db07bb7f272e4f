import { columns } from '../report/columns.ts'
import { countErrors } from './errors-seen.ts'
import type { ConcurrencyFigures } from './figures.ts'
import { OUTSIDE_MS, REQUESTS_AT_ONCE, type RequestsMeasured } from './requests/measure-requests.ts'
import { READS_PER_SECOND, SLOW_READS, WRITES_PER_SECOND } from './slow/measure-slow.ts'
import { SLOW_SECONDS, slowLabel } from './slow/ways.ts'
import { type WorstOfKind, worstOf } from './slow/worst.ts'

/** What the requests needed, and how others fared beside slow reads. */
export function formatFigures(figures: ConcurrencyFigures): string {
  return [...requestBlocks(figures), ...slowBlocks(figures)].join('\n\n')
}

function requestBlocks({ requests }: ConcurrencyFigures): readonly string[] {
  if (requests.length === 0) return []
  const title = [
    ...['way', 'server connections', 'of PostgreSQL', 'in transaction', 'requests/s'],
    ...['p50 ms', 'p99 ms', 'errors', 'foreign rows'],
  ]
  const lines = requests.map((measured) => {
    const { way, connections, most, latencies, errors, foreignRows } = measured
    return [
      `${way}, ${connections}`,
      ...[most.pgbouncer, most.postgres, most.inTransaction].map(String),
      requestsPerSecond(measured).toFixed(0),
      latencies.p50Ms.toFixed(0),
      latencies.p99Ms.toFixed(0),
      String(countErrors(errors)),
      String(foreignRows),
    ]
  })
  const seen = requests.flatMap(({ way, connections, errors }) =>
    Object.entries(errors).map(
      ([message, count]) => `${way}, ${connections}: ${count.toLocaleString('en-US')} times ${message}`,
    ),
  )
  const what = `${REQUESTS_AT_ONCE.toLocaleString('en-US')} requests at once, each ${OUTSIDE_MS} ms outside the database between two reads`
  return [[what, columns([title, ...lines]), ...seen].join('\n')]
}

/** Of those that were answered. */
export function requestsPerSecond({ latencies, elapsedMs }: RequestsMeasured): number {
  return (latencies.calls / elapsedMs) * 1_000
}

function slowBlocks({ slow }: ConcurrencyFigures): readonly string[] {
  if (slow.length === 0) return []
  const title = [
    ...['way', 'calls', 'usual ms', 'max before', 'p99 ms', 'max ms', 'added ms', 'unanswered'],
    ...['slow answered', 'errors', 'foreign rows'],
  ]
  const lines = slow.flatMap(({ slowCase, repeats }) => {
    const worst = worstOf(repeats)
    const asked = worst.slowAnswered + worst.slowUnanswered
    const rest = [`${worst.slowAnswered}/${asked}`, String(worst.errors), String(worst.foreignRows)]
    return [
      [slowLabel(slowCase), ...kindCells(worst.reads), ...rest],
      ['  writes', ...kindCells(worst.writes)],
    ]
  })
  const what =
    `${READS_PER_SECOND} reads/s and ${WRITES_PER_SECOND} writes/s beside ${SLOW_READS} reads of another tenant of ${SLOW_SECONDS} s, ` +
    `the worst of ${Math.max(...slow.map(({ repeats }) => repeats.length))}`
  const seen = slow.flatMap(({ slowCase, repeats }) =>
    repeats.flatMap(({ errors }) =>
      Object.entries(errors).map(([message, count]) => `${slowLabel(slowCase)}: ${count} times ${message}`),
    ),
  )
  return [[what, columns([title, ...lines]), ...new Set(seen)].join('\n')]
}

function kindCells(worst: WorstOfKind): readonly string[] {
  const { calls, usualMs, maxBeforeMs, p99Ms, maxMs, addedMs, unanswered } = worst
  const more = unanswered > 0 ? '>= ' : ''
  return [
    calls.toLocaleString('en-US'),
    usualMs.toFixed(1),
    maxBeforeMs.toFixed(1),
    p99Ms.toFixed(1),
    more + maxMs.toFixed(1),
    more + addedMs.toFixed(1),
    String(unanswered),
  ]
}

import { columns } from '../report/columns.ts'
import type { OnStandbys } from './on-standbys.ts'
import type { UnderLoad } from './under-load.ts'

/** What was measured. */
export interface PartitionFigures {
  readonly runs: number
  readonly underLoad: readonly UnderLoad[]
  readonly onStandbys: readonly OnStandbys[]
}

const MOST_STALL_MS = 50
const MOST_LAG_MS = 500

/** One table for the application through the pooler, one for the standbys. */
export function formatFigures({ underLoad, onStandbys }: PartitionFigures): string {
  const blocks = [
    [
      [
        'way',
        'premakes',
        'retires',
        'retries',
        'job s',
        'calls/s',
        'p99 ms',
        'stall ms',
        'longest call ms',
        'errors',
        'rows missing',
      ],
      ...underLoad.flatMap(({ way, work, jobMs, quiet, during, rowsMissing }) => [
        [`${way}, before`, '', '', '', '', ...callCells(quiet), ''],
        [way, ...workCells(work, jobMs), ...callCells(during), String(rowsMissing)],
      ]),
    ],
    [
      [
        'way, standbys',
        'premakes',
        'retires',
        'retries',
        'job s',
        'long reads',
        'cancelled',
        'most lag ms',
        'longest short read ms',
      ],
      ...onStandbys.flatMap(({ way, work, jobMs, longReads, cancelled, mostLagMs, longestReadMs, quiet }) => [
        [
          `${way}, before`,
          '',
          '',
          '',
          '',
          '',
          '',
          quiet.mostLagMs.toFixed(0),
          quiet.longestReadMs.toFixed(1),
        ],
        [
          way,
          ...workCells(work, jobMs),
          String(longReads),
          String(cancelled),
          mostLagMs.toFixed(0),
          longestReadMs.toFixed(1),
        ],
      ]),
    ],
  ]
  return blocks
    .filter((block) => block.length > 1)
    .map(columns)
    .join('\n\n')
}

/** What leasehold did not keep; empty where it did. */
export function judgeFigures({ runs, underLoad, onStandbys }: PartitionFigures): readonly string[] {
  const failures: string[] = []
  const expectWork = (where: string, { premakes, retires }: UnderLoad['work'], wanted: number) => {
    if (premakes !== 2 * wanted || retires !== wanted)
      failures.push(
        `${where}: ${premakes} premakes and ${retires} retires, instead of ${2 * wanted} and ${wanted}.`,
      )
  }
  for (const { way, work, during, stalledBy, rowsMissing } of underLoad) {
    if (way !== 'leasehold') continue
    expectWork('under load', work, runs)
    const errors = Object.entries(during.errors).map(([message, count]) => `${count} times ${message}`)
    if (errors.length > 0) failures.push(`under load: errors: ${errors.join('; ')}.`)
    if (during.foreignRows > 0) failures.push(`under load: ${during.foreignRows} rows of other tenants.`)
    if (rowsMissing !== 0) failures.push(`under load: ${rowsMissing} rows are missing.`)
    if (during.stallMs > MOST_STALL_MS)
      failures.push(
        `under load: a stall of ${during.stallMs.toFixed(0)} ms (${stalledBy.join(', ') || 'between steps'}); at most ${MOST_STALL_MS} ms are allowed.`,
      )
  }
  for (const { way, work, cancelled, mostLagMs } of onStandbys) {
    if (way !== 'leasehold') continue
    expectWork('on standbys', work, standbyRuns(runs))
    if (cancelled > 0) failures.push(`on standbys: ${cancelled} queries were cancelled.`)
    if (mostLagMs > MOST_LAG_MS)
      failures.push(
        `on standbys: a lag of ${mostLagMs.toFixed(0)} ms; at most ${MOST_LAG_MS} ms are allowed.`,
      )
  }
  return failures
}

/** Fewer there, since each waits for long reads to end. */
export function standbyRuns(runs: number): number {
  return Math.max(1, Math.ceil(runs / 3))
}

function workCells({ premakes, retires, retries }: UnderLoad['work'], jobMs: number): readonly string[] {
  return [String(premakes), String(retires), String(retries), (jobMs / 1_000).toFixed(1)]
}

function callCells({
  callsPerSecond,
  p99Ms,
  stallMs,
  longestCallMs,
  errors,
}: UnderLoad['quiet']): readonly string[] {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
  return [
    callsPerSecond.toFixed(0),
    p99Ms.toFixed(1),
    stallMs.toFixed(1),
    longestCallMs.toFixed(1),
    String(failed),
  ]
}

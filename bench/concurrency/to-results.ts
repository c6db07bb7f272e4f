import type { Result } from '../report/result.ts'
import { countErrors, type ErrorsSeen } from './errors-seen.ts'
import type { ConcurrencyFigures } from './figures.ts'
import type { MostConnections } from './requests/connection-watch.ts'
import { REQUEST_CASES } from './requests/ways.ts'
import { slowLabel } from './slow/ways.ts'
import { type WorstOfCase, worstOf } from './slow/worst.ts'
import { requestsPerSecond } from './tables.ts'

/** In the document: as everywhere, and with what only this suite has. What has no meaning is NaN, which JSON has as null. */
export interface ConcurrencyResult extends Omit<Result, 'ratioInterval'> {
  readonly errors: number
  readonly errorsSeen?: ErrorsSeen
  readonly most?: MostConnections
  readonly worst?: WorstOfCase
}

export function toResults({ requests, slow }: ConcurrencyFigures): readonly ConcurrencyResult[] {
  const [raw] = REQUEST_CASES
  const rawMeasured = requests.find(
    ({ way, connections }) => way === raw?.way && connections === raw.connections,
  )
  const rawPerSecond = rawMeasured ? requestsPerSecond(rawMeasured) : Number.NaN
  return [
    ...requests.map((measured) => {
      const { way, connections, latencies, cpuUs, errors, foreignRows, most } = measured
      const { p50Ms, p99Ms, maxMs } = latencies
      const opsPerSecond = requestsPerSecond(measured)
      return {
        peer: `${way}, ${connections}`,
        scenario: 'requests',
        opsPerSecond,
        ...{ p50Ms, p99Ms, maxMs },
        cpuUsPerOp: cpuUs / latencies.calls,
        ratioToRaw: opsPerSecond / rawPerSecond,
        foreignRows,
        errors: countErrors(errors),
        errorsSeen: errors,
        most,
      }
    }),
    ...slow.map(({ slowCase, repeats }) => {
      const worst = worstOf(repeats)
      const p50s = repeats.map(({ reads }) => reads.during.p50Ms)
      return {
        peer: slowLabel(slowCase),
        scenario: 'reads beside slow reads',
        opsPerSecond: Number.NaN,
        p50Ms: Math.max(...p50s),
        p99Ms: worst.reads.p99Ms,
        maxMs: worst.reads.maxMs,
        cpuUsPerOp: Number.NaN,
        ratioToRaw: Number.NaN,
        foreignRows: worst.foreignRows,
        errors: worst.errors,
        worst,
      }
    }),
  ]
}

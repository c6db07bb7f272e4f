'use client'

import { count, milliseconds, percent, rate } from '../view/format.ts'
import type { HistoryPoint } from '../view/history-point.ts'
import { SeriesChart } from './series-chart.tsx'

const perSecond = (value: number) => `${rate(value)}/s`

/** The last minutes, as small multiples. */
export function Charts({ history }: { readonly history: readonly HistoryPoint[] }) {
  const at = history.map(({ atMs }) => atMs)
  const line = (
    name: string,
    show: (value: number) => string,
    of: (point: HistoryPoint) => number | null | undefined,
  ) => ({ name, show, values: history.map((point) => of(point) ?? null) })
  const replicas = [...new Set(history.flatMap(({ lagMs }) => Object.keys(lagMs)))].sort()
  return (
    <div className="charts">
      <SeriesChart
        title="Requests"
        at={at}
        series={[
          line('answered', perSecond, (point) => point.requestsPerS),
          line('errors', perSecond, (point) => point.errorsPerS),
        ]}
      />
      <SeriesChart
        title="Hold time, last minute"
        at={at}
        series={[
          line('p99', milliseconds, (point) => point.holdP99Ms),
          line('p50', milliseconds, (point) => point.holdP50Ms),
        ]}
      />
      <SeriesChart
        title="Connections in use"
        at={at}
        series={[
          line('to the primary', count, (point) => point.inUsePrimary),
          line('to replicas', count, (point) => point.inUseReplica),
          line('at the primary', count, (point) => point.serverConnections),
        ]}
      />
      <SeriesChart
        title="Replica lag"
        at={at}
        series={replicas.map((id) => line(id, milliseconds, (point) => point.lagMs[id]))}
        empty={replicas.length === 0 ? 'There is no replica' : 'Nobody knows it yet'}
      />
      <SeriesChart
        title="Routing"
        at={at}
        series={[
          line('primary', perSecond, (point) => point.toPrimaryPerS),
          line('replica', perSecond, (point) => point.toReplicaPerS),
        ]}
      />
      <SeriesChart
        title="Cache hits"
        at={at}
        series={[line('of what was asked', percent, (point) => point.hitShare)]}
        empty="Nothing was asked"
      />
    </div>
  )
}

'use client'

import { Area, AreaChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { describeSeries, type Series } from '../view/describe-series.ts'

/** Lines differ by their dashes too, not by colour alone. */
const DASHES = [undefined, '5 3', '1.5 3'] as const
const HEIGHT = 108

/** One of the small multiples: all of them span the same time. */
export function SeriesChart({
  title,
  at,
  series,
  empty = 'Nothing yet',
}: {
  readonly title: string
  /** Milliseconds of the epoch, one for each value. */
  readonly at: readonly number[]
  readonly series: readonly Series[]
  readonly empty?: string
}) {
  const rows = at.map((atMs, index) => ({
    atMs,
    ...Object.fromEntries(series.map(({ values }, line) => [`line${line}`, values[index] ?? null])),
  }))
  const hasAny = series.some(({ values }) => values.some((value) => value !== null))
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul className="legend">
          {series.map(({ name, values, show }, line) => {
            const last = values.findLast((value) => value !== null)
            return (
              <li key={name}>
                <svg viewBox="0 0 18 4" aria-hidden="true" className={`line${line % 3}`}>
                  <path d="M0 2h18" strokeDasharray={DASHES[line % 3]} />
                </svg>
                <span className="muted">{name}</span>
                <strong>{last === undefined || last === null ? '—' : show(last)}</strong>
              </li>
            )
          })}
        </ul>
      </figcaption>
      {hasAny ? (
        <div role="img" aria-label={describeSeries(title, series)}>
          <ResponsiveContainer width="100%" height={HEIGHT}>
            <AreaChart
              data={rows}
              accessibilityLayer={false}
              margin={{ top: 6, right: 2, bottom: 0, left: 0 }}
            >
              <XAxis dataKey="atMs" type="number" domain={['dataMin', 'dataMax']} hide />
              <YAxis
                width={54}
                tickCount={3}
                domain={[0, 'auto']}
                tickLine={false}
                axisLine={false}
                tick={{ fontSize: 11, fill: 'var(--muted)' }}
                tickFormatter={(value: number) => series[0]?.show(value) ?? String(value)}
              />
              <Tooltip
                isAnimationActive={false}
                cursor={{ stroke: 'var(--muted)', strokeWidth: 1 }}
                content={({ active, payload, label }) =>
                  active && payload && payload.length > 0 ? (
                    <div className="tip">
                      <p>{new Date(Number(label)).toISOString().slice(11, 19)} UTC</p>
                      {payload.map(({ dataKey, value }) => {
                        const line = series[Number(String(dataKey).slice(4))]
                        return line && typeof value === 'number' ? (
                          <p key={line.name}>
                            {line.name} <strong>{line.show(value)}</strong>
                          </p>
                        ) : null
                      })}
                    </div>
                  ) : null
                }
              />
              {series.map(({ name }, line) => (
                <Area
                  key={name}
                  dataKey={`line${line}`}
                  name={name}
                  type="linear"
                  stroke={`var(--line${line % 3})`}
                  strokeWidth={1.75}
                  strokeDasharray={DASHES[line % 3] ?? 'none'}
                  fill={`var(--line${line % 3})`}
                  fillOpacity={line === 0 ? 0.1 : 0}
                  dot={false}
                  activeDot={{ r: 3, strokeWidth: 0 }}
                  connectNulls={false}
                  isAnimationActive={false}
                />
              ))}
            </AreaChart>
          </ResponsiveContainer>
        </div>
      ) : (
        <p className="chart-empty">{empty}</p>
      )}
    </figure>
  )
}

import type { AppointmentStatus } from '@clinic/schema'
import type { DayEntry } from '../data/day.ts'

const SUMS: readonly (readonly [AppointmentStatus, string])[] = [
  ['booked', 'to come'],
  ['arrived', 'waiting'],
  ['done', 'seen'],
  ['missed', 'missed'],
  ['cancelled', 'cancelled'],
]

/** A day in numbers. */
export function DaySums({ entries }: { readonly entries: readonly DayEntry[] }) {
  if (entries.length === 0) return null
  return (
    <dl className="sums">
      {SUMS.map(([status, words]) => (
        <div key={status} className={`sum sum-${status}`}>
          <dt>{words}</dt>
          <dd>{entries.filter((entry) => entry.status === status).length}</dd>
        </div>
      ))}
    </dl>
  )
}

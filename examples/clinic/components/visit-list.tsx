import type { Visit } from '../data/patient.ts'
import { clockOf, dayOf } from '../lib/times.ts'
import { StatusChip } from './status-chip.tsx'

/** The appointments of one patient. */
export function VisitList({
  visits,
  timeZone,
}: {
  readonly visits: readonly Visit[]
  readonly timeZone: string
}) {
  if (visits.length === 0) return <p className="muted">None to come.</p>
  return (
    <ul className="visits">
      {visits.map(({ id, startsAt, minutes, status }) => (
        <li key={id}>
          <time dateTime={startsAt.toISOString()}>
            <strong>{dayOf(startsAt, timeZone)}</strong> {clockOf(startsAt, timeZone)}
          </time>
          <span className="muted">{minutes} min</span>
          <StatusChip status={status} />
        </li>
      ))}
    </ul>
  )
}

import Link from 'next/link'
import type { DayEntry } from '../data/day.ts'
import { clockOf } from '../lib/times.ts'
import { StatusActions } from './status-actions.tsx'
import { StatusChip } from './status-chip.tsx'

interface Props {
  readonly entries: readonly DayEntry[]
  readonly timeZone: string
  /** Nothing for a day that is not today. */
  readonly now: Date | undefined
}

/** The appointments of a day, in the order of the clock. */
export function DayList({ entries, timeZone, now }: Props) {
  if (entries.length === 0) return <p className="empty">No appointments on this day.</p>
  const next = now && entries.find(({ startsAt, status }) => status === 'booked' && startsAt >= now)
  return (
    <ol className="day">
      {entries.map((entry) => (
        <li
          key={entry.id}
          className={`slot slot-${entry.status}`}
          aria-current={entry === next ? 'time' : undefined}
        >
          <Entry entry={entry} timeZone={timeZone} isNext={entry === next} />
        </li>
      ))}
    </ol>
  )
}

function Entry({ entry, timeZone, isNext }: { entry: DayEntry; timeZone: string; isNext: boolean }) {
  const { id, patientId, givenName, familyName, startsAt, minutes, status } = entry
  const clock = clockOf(startsAt, timeZone)
  const person = `${givenName} ${familyName}`
  return (
    <>
      <p className="slot-time">
        <time dateTime={startsAt.toISOString()}>{clock}</time>
        <span className="muted">{minutes} min</span>
      </p>
      <p className="slot-person">
        <Link href={`/patients/${patientId}`} prefetch={false}>
          {person}
        </Link>
        {isNext && <span className="next">Next</span>}
      </p>
      <p className="slot-status">
        <StatusChip status={status} />
      </p>
      <StatusActions id={id} status={status} about={`${person}, ${clock}`} />
    </>
  )
}

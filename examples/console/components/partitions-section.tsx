import { bytes, count } from '../view/format.ts'
import type { CalendarView, MonthView } from '../view/partitions-view.ts'
import { Section } from './section.tsx'
import { StatusMark } from './status-mark.tsx'

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' })

export function PartitionsSection({ calendars }: { readonly calendars: readonly CalendarView[] }) {
  return (
    <Section id="partitions" title="Partition calendar" note="Months that exist, and months ahead" wide>
      {calendars.length === 0 ? <p className="empty">No table is kept in months.</p> : null}
      {calendars.map((calendar) => (
        <div key={calendar.key} className="calendar">
          <h3>
            {calendar.table === '' ? `Server ${calendar.database}` : <code>{calendar.table}</code>}{' '}
            <span className="muted">{calendar.table === '' ? '' : calendar.database}</span>{' '}
            <StatusMark status={calendar.status} />
          </h3>
          <p className="muted">
            {calendar.note}
            {calendar.monthsAhead === undefined ? '' : ` · ${calendar.monthsAhead} months ahead`}
          </p>
          <ol className="months">
            {calendar.months.map((month) => (
              <Month key={month.month} {...month} />
            ))}
          </ol>
        </div>
      ))}
    </Section>
  )
}

function Month({ month, kind, exists, estimatedRows, bytes: size }: MonthView) {
  const name = monthName.format(new Date(`${month}-01T00:00:00Z`))
  const detail = exists
    ? estimatedRows === undefined
      ? bytes(size)
      : `~${count(estimatedRows)} rows`
    : kind === 'ahead'
      ? 'not made yet'
      : 'none'
  return (
    <li
      className={`month ${exists ? 'exists' : 'absent'} ${kind}`}
      aria-current={kind === 'current' || undefined}
    >
      <span className="month-name">
        {name} <span className="muted">{month.slice(2, 4)}</span>
      </span>
      <span className="month-detail">{detail}</span>
    </li>
  )
}

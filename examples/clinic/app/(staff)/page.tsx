import type { Metadata } from 'next'
import Link from 'next/link'
import { z } from 'zod'
import { DayList } from '../../components/day-list.tsx'
import { DaySums } from '../../components/day-sums.tsx'
import { readDay } from '../../data/day.ts'
import { requireStaff } from '../../lib/session.ts'
import { longDay, shiftDay, todayIn } from '../../lib/times.ts'

export const metadata: Metadata = { title: 'Appointments' }

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

export default async function Page({ searchParams }: Props) {
  const { organization } = await requireStaff()
  const { timeZone } = organization
  const today = todayIn(timeZone)
  const asked = z.iso.date().safeParse((await searchParams).day)
  const day = asked.success ? asked.data : today
  const entries = await readDay(day, timeZone)
  return (
    <>
      <header className="page-head">
        <div>
          <p className="eyebrow">{day === today ? 'Today' : 'Appointments'}</p>
          <h1>{longDay(day)}</h1>
        </div>
        <nav aria-label="Days" className="days">
          <Link className="button" href={`/?day=${shiftDay(day, -1)}`} prefetch={false}>
            <span aria-hidden="true">←</span> Day before
          </Link>
          {day !== today && (
            <Link className="button" href="/" prefetch={false}>
              Today
            </Link>
          )}
          <Link className="button" href={`/?day=${shiftDay(day, 1)}`} prefetch={false}>
            Day after <span aria-hidden="true">→</span>
          </Link>
        </nav>
      </header>
      <DaySums entries={entries} />
      <DayList entries={entries} timeZone={timeZone} now={day === today ? new Date() : undefined} />
    </>
  )
}

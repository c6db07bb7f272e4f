import { type RawBuilder, sql } from 'kysely'

/** Midnight of a day, or of one some days later, as the clinic's wall shows it. Days are not all of 24 hours. */
export function startOf(day: string, later: number, timeZone: string): RawBuilder<Date> {
  return sql<Date>`((${day}::date + ${later}::int)::timestamp at time zone ${timeZone})`
}

/** Which day it is in a time zone: `2026-11-23`. */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now)
}

/** The day some days later, or earlier. */
export function shiftDay(day: string, days: number): string {
  const moment = new Date(`${day}T12:00:00Z`)
  moment.setUTCDate(moment.getUTCDate() + days)
  return moment.toISOString().slice(0, 10)
}

/** `09:30`, as the clinic's wall shows it. */
export function clockOf(moment: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format(moment)
}

/** `Monday 23 November 2026` */
export function longDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(`${day}T12:00:00Z`))
}

/** `23 Nov 2026` of a day. */
export function shortDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'medium' }).format(
    new Date(`${day}T12:00:00Z`),
  )
}

/** `23 Nov 2026` of a moment, as the clinic's wall shows it. */
export function dayOf(moment: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium' }).format(moment)
}

/** Full years since a day. */
export function ageOn(birthDate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}

import { type Database, TAGS } from '@clinic/schema'
import { sql } from 'kysely'
import type { TenantId, TenantReader } from 'leasehold'
import type { Wiring } from './wiring.ts'

/** A clinic's day in numbers: what every workplace of a clinic shows, and asks for anew every few seconds. */
export interface Summary {
  readonly patients: number
  readonly appointments: Readonly<Record<'booked' | 'arrived' | 'done' | 'cancelled' | 'missed', number>>
}

/** The policies of the sum: those of staff, whoever it is. So all of a clinic share one value. */
const AS_STAFF = { 'app.person_id': 'any' }
const TTL_MS = 60_000

/** Reads summaries, from the cache where there is one. */
export type ReadSummary = (tenant: TenantId, day: string, timeZone: string) => Promise<Summary>

/** Defines the value in the cache. Once for each cache. */
export function summaries({ db, cache }: Pick<Wiring, 'db' | 'cache'>): ReadSummary {
  if (!cache) return (_tenant, day, timeZone) => load(db.current({ readOnly: true }), day, timeZone)
  const summary = cache.define('summary', {
    key: (day: string, timeZone: string) => [day, timeZone],
    tables: ['patients', 'appointments', 'patient_profiles'],
    tags: () => [TAGS.patients, TAGS.appointments],
    ttlMs: TTL_MS,
    load,
  })
  return (tenant, day, timeZone) => summary.getFor({ tenant, settings: AS_STAFF }, day, timeZone)
}

async function load(reader: TenantReader<Database>, day: string, timeZone: string): Promise<Summary> {
  const [[patients], appointments] = await reader.batch((q) => [
    q.selectFrom('patients').select(sql<number>`count(*)::int`.as('count')),
    q
      .selectFrom('appointments')
      .select(['status', sql<number>`count(*)::int`.as('count')])
      .where('starts_at', '>=', startOf(day, 0, timeZone))
      .where('starts_at', '<', startOf(day, 1, timeZone))
      .groupBy('status'),
  ])
  const none = { booked: 0, arrived: 0, done: 0, cancelled: 0, missed: 0 }
  const counts = Object.fromEntries(appointments.map(({ status, count }) => [status, count]))
  return { patients: patients?.count ?? 0, appointments: { ...none, ...counts } }
}

/** Midnight of a day, or of one some days later, as the clinic's wall shows it. Days are not all of 24 hours. */
export function startOf(day: string, later: number, timeZone: string) {
  return sql<Date>`((${day}::date + ${later}::int)::timestamp at time zone ${timeZone})`
}

/** Which day it is in a time zone: `2026-11-23`. */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now)
}

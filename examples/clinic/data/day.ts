import 'server-only'
import type { AppointmentStatus } from '@clinic/schema'
import { scoped } from '../lib/scoped.ts'
import { startOf } from '../lib/times.ts'
import { database } from '../lib/wiring.ts'

export interface DayEntry {
  readonly id: string
  readonly patientId: string
  readonly givenName: string
  readonly familyName: string
  readonly startsAt: Date
  readonly minutes: number
  readonly status: AppointmentStatus
}

const MOST = 300

/** The appointments of a day, from a replica. */
export const readDay: (day: string, timeZone: string) => Promise<readonly DayEntry[]> = scoped.read(
  async (day, timeZone) =>
    (await database())
      .current()
      .selectFrom('appointments')
      .innerJoin('patients', 'patients.id', 'appointments.patient_id')
      .innerJoin('patient_profiles as profile', 'profile.id', 'patients.profile_id')
      .select([
        'appointments.id',
        'appointments.patient_id as patientId',
        'given_name as givenName',
        'family_name as familyName',
        'starts_at as startsAt',
        'minutes',
        'status',
      ])
      .where('starts_at', '>=', startOf(day, 0, timeZone))
      .where('starts_at', '<', startOf(day, 1, timeZone))
      .orderBy('starts_at')
      .orderBy('appointments.id')
      .limit(MOST)
      .execute(),
  { httpRoute: '/' },
)

import 'server-only'
import { type AppointmentStatus, type Chart, readChart } from '@clinic/schema'
import { sql } from 'kysely'
import { z } from 'zod'
import { scoped } from '../lib/scoped.ts'
import { requireStaff } from '../lib/session.ts'
import { database } from '../lib/wiring.ts'
import { PATIENT_COLUMNS, type PatientRow } from './patients.ts'

export interface Visit {
  readonly id: string
  readonly startsAt: Date
  readonly minutes: number
  readonly status: AppointmentStatus
}

/** A patient, with the appointments from yesterday on. */
export interface Patient extends PatientRow {
  readonly appointments: readonly Visit[]
}

/** What an address holds may be no id at all. */
const isId = (text: string): boolean => z.uuid().safeParse(text).success

/** Who a patient is, from a replica; nothing that is on the chart. */
export const readPatient: (id: string) => Promise<Patient | undefined> = scoped.read(
  async (id) => {
    if (!isId(id)) return undefined
    // Both in one round trip.
    const [[found], appointments] = await (await database())
      .current()
      .batch((q) => [
        q
          .selectFrom('patients')
          .innerJoin('patient_profiles as profile', 'profile.id', 'patients.profile_id')
          .select(PATIENT_COLUMNS)
          .where('patients.id', '=', id),
        q
          .selectFrom('appointments')
          .select(['id', 'starts_at as startsAt', 'minutes', 'status'])
          .where('patient_id', '=', id)
          .where('starts_at', '>', sql<Date>`now() - interval '1 day'`)
          .orderBy('starts_at')
          .limit(50),
      ])
    return found && { ...found, appointments }
  },
  { httpRoute: '/patients/[id]' },
)

/**
 * A chart, and in the same statement the entry of the audit log that says who has read it: a page that writes. `db.current()` of a page
 * reads only, from a replica; `db.tenant()` is the primary's, and may write.
 */
export const readRecords: (patientId: string) => Promise<Chart | undefined> = scoped.read(
  async (patientId) => {
    if (!isId(patientId)) return undefined
    const { tenant, settings } = await requireStaff()
    return readChart((await database()).tenant(tenant, { settings }), patientId)
  },
  { httpRoute: '/patients/[id]' },
)

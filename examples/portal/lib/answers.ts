import { z } from 'zod'

/** What the Core API answers, as far as it is shown. */
const clinic = z.object({ slug: z.string(), name: z.string(), timeZone: z.string() })

export const clinicsAnswer = z.object({ clinics: z.array(clinic) })

const appointment = z.object({
  id: z.string(),
  startsAt: z.string(),
  minutes: z.number(),
  status: z.enum(['booked', 'arrived', 'done', 'cancelled', 'missed']),
  bookedBy: z.string(),
})

const record = z.object({
  id: z.string(),
  recordedAt: z.string(),
  kind: z.enum(['note', 'diagnosis', 'prescription', 'result']),
  body: z.string(),
  author: z.string(),
})

export const overviewAnswer = z.object({
  clinic,
  patientId: z.string(),
  appointments: z.array(appointment),
  records: z.array(record),
})

export type Clinic = z.output<typeof clinic>
export type Appointment = z.output<typeof appointment>
export type ClinicalRecord = z.output<typeof record>

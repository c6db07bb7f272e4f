import { RequestRefusedError } from '@clinic/kit'
import { type Database, TAGS } from '@clinic/schema'
import type { FastifyInstance } from 'fastify'
import { transactionOf } from 'leasehold/fastify'
import { z } from 'zod'
import type { CoreApiParts } from '../core-api-parts.ts'
import { ofClinic, ofOne, routeSchema } from '../route-schema.ts'
import { sessionOf, staffOnly } from '../session.ts'
import { startOf, todayIn } from '../summary.ts'

const status = z.enum(['booked', 'arrived', 'done', 'cancelled', 'missed'])
const ofDay = z.object({ day: z.iso.date().optional() })
const entry = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  givenName: z.string(),
  familyName: z.string(),
  startsAt: z.string(),
  minutes: z.int(),
  status,
  bookedBy: z.string(),
})
const newAppointment = z.object({
  patientId: z.uuid(),
  startsAt: z.iso.datetime({ offset: true }),
  minutes: z.int().min(5).max(240).default(15),
})
const change = z.object({ status })

/** The calendar. Patients book and cancel their own: which rows those are, and what they may set, the policies say. */
export async function appointmentRoutes(app: FastifyInstance, { wiring }: CoreApiParts): Promise<void> {
  const { db, cache } = wiring

  app.get<{ Querystring: z.output<typeof ofDay> }>(
    '/clinics/:slug/appointments',
    {
      onRequest: staffOnly,
      schema: routeSchema({
        summary: 'The appointments of a day; of today, where none is named',
        params: ofClinic,
        querystring: ofDay,
        response: { 200: z.object({ day: z.iso.date(), appointments: z.array(entry) }) },
      }),
    },
    async (request) => {
      const { timeZone } = sessionOf(request).organization
      const day = request.query.day ?? todayIn(timeZone)
      const rows = await db
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
          'booked_by as bookedBy',
        ])
        .where('starts_at', '>=', startOf(day, 0, timeZone))
        .where('starts_at', '<', startOf(day, 1, timeZone))
        .orderBy('starts_at')
        .orderBy('appointments.id')
        .limit(500)
        .execute()
      return { day, appointments: rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString() })) }
    },
  )

  app.post<{ Body: z.output<typeof newAppointment> }>(
    '/clinics/:slug/appointments',
    {
      config: { leasehold: { transaction: true } },
      schema: routeSchema({
        summary: 'Books an appointment; a patient for themselves',
        params: ofClinic,
        body: newAppointment,
        response: { 201: z.object({ id: z.uuid() }) },
      }),
    },
    async (request, reply) => {
      const { claims } = sessionOf(request)
      const { patientId, startsAt, minutes } = request.body
      const tx = transactionOf<Database>(request)
      const created = await tx
        .insertInto('appointments')
        .values({ patient_id: patientId, starts_at: startsAt, minutes, booked_by: claims.name })
        .returning('id')
        .executeTakeFirstOrThrow()
      cache?.invalidate(tx, TAGS.appointments)
      return reply.code(201).send(created)
    },
  )

  app.patch<{ Params: z.output<typeof ofOne>; Body: z.output<typeof change> }>(
    '/clinics/:slug/appointments/:id',
    {
      config: { leasehold: { transaction: true } },
      schema: routeSchema({
        summary: 'Says what became of an appointment; a patient, that they will not come',
        params: ofOne,
        body: change,
        response: { 200: z.object({ id: z.uuid(), status }) },
      }),
    },
    async (request) => {
      const tx = transactionOf<Database>(request)
      const changed = await tx
        .updateTable('appointments')
        .set({ status: request.body.status })
        .where('id', '=', request.params.id)
        .returning(['id', 'status'])
        .executeTakeFirst()
      if (!changed) throw new RequestRefusedError(404, 'There is no such appointment.')
      cache?.invalidate(tx, TAGS.appointments)
      return changed
    },
  )
}

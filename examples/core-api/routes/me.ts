import { RequestRefusedError } from '@clinic/kit'
import { readChart } from '@clinic/schema'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import type { CoreApiParts } from '../core-api-parts.ts'
import { ofClinic, routeSchema } from '../route-schema.ts'
import { claimsOf, patientOnly, sessionOf } from '../session.ts'
import { record, recordsOf } from './records.ts'

const clinic = z.object({ slug: z.string(), name: z.string(), timeZone: z.string() })
const overview = z.object({
  clinic,
  patientId: z.uuid(),
  appointments: z.array(
    z.object({
      id: z.uuid(),
      startsAt: z.string(),
      minutes: z.int(),
      status: z.string(),
      bookedBy: z.string(),
    }),
  ),
  records: z.array(record),
})

/** What a patient may know of themselves. None of it says whose rows: the policies do, by the person in the token. */
export async function meRoutes(app: FastifyInstance, { wiring }: CoreApiParts): Promise<void> {
  const { db, directory } = wiring

  app.get(
    '/me/clinics',
    {
      onRequest: patientOnly,
      schema: routeSchema({
        summary: 'The clinics that know the person',
        response: { 200: z.object({ clinics: z.array(clinic) }) },
      }),
    },
    async (request) => {
      const claims = claimsOf(request)
      const ids = claims.role === 'patient' ? claims.clinics : []
      const found = await Promise.all(ids.map((id) => directory.byTenant(id)))
      // A clinic that has moved to an issuer of its own since the token was made is none of this account's any more.
      const mine = found.filter((organization) => organization?.issuer === claims.iss)
      return {
        clinics: mine
          .flatMap((organization) => organization ?? [])
          .sort((a, b) => a.name.localeCompare(b.name)),
      }
    },
  )

  app.get(
    '/me/clinics/:slug/overview',
    {
      onRequest: patientOnly,
      schema: routeSchema({
        summary: "The person's appointments and records at one clinic; that the records were read is logged",
        params: ofClinic,
        response: { 200: overview },
      }),
    },
    async (request) => {
      const { tenant, settings, organization } = sessionOf(request)
      const [[patient], appointments] = await db
        .current()
        .batch((q) => [
          q.selectFrom('patients').select('id'),
          q
            .selectFrom('appointments')
            .select(['id', 'starts_at', 'minutes', 'status', 'booked_by'])
            .where('starts_at', '>', sql<Date>`now() - interval '1 year'`)
            .orderBy('starts_at')
            .limit(200),
        ])
      const chart = patient && (await readChart(db.tenant(tenant, { settings }), patient.id))
      if (!chart) throw new RequestRefusedError(404, 'This clinic does not know you.')
      return {
        clinic: organization,
        patientId: chart.patientId,
        appointments: appointments.map(({ starts_at, booked_by, ...row }) => ({
          ...row,
          startsAt: starts_at.toISOString(),
          bookedBy: booked_by,
        })),
        records: recordsOf(chart),
      }
    },
  )
}

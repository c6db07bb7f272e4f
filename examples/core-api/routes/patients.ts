import { RequestRefusedError } from '@clinic/kit'
import { type Database, TAGS } from '@clinic/schema'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { transactionOf } from 'leasehold/fastify'
import { z } from 'zod'
import type { CoreApiParts } from '../core-api-parts.ts'
import { escapeLike, readCursor, writeCursor } from '../paging.ts'
import { ofClinic, ofOne, routeSchema } from '../route-schema.ts'
import { sessionOf, staffOnly } from '../session.ts'

const patient = z.object({
  id: z.uuid(),
  chartNumber: z.int(),
  givenName: z.string(),
  familyName: z.string(),
  birthDate: z.iso.date(),
})
const appointment = z.object({ id: z.uuid(), startsAt: z.string(), minutes: z.int(), status: z.string() })
const search = z.object({
  search: z.string().max(80).optional(),
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
})
const newPatient = z.object({
  givenName: z.string().min(1).max(80),
  familyName: z.string().min(1).max(80),
  birthDate: z.iso.date(),
})

/** Who a clinic's patients are. Nothing of what is on their charts. */
export async function patientRoutes(app: FastifyInstance, { wiring }: CoreApiParts): Promise<void> {
  const { db, cache } = wiring

  app.get<{ Querystring: z.output<typeof search> }>(
    '/clinics/:slug/patients',
    {
      onRequest: staffOnly,
      schema: routeSchema({
        summary: 'Patients of a clinic by name, a page at a time',
        params: ofClinic,
        querystring: search,
        response: { 200: z.object({ patients: z.array(patient), after: z.string().nullable() }) },
      }),
    },
    async ({ query: { search: given = '', after, limit } }) => {
      const words = given.trim()
      const rows = await db
        .current()
        .selectFrom('patients')
        .innerJoin('patient_profiles as profile', 'profile.id', 'patients.profile_id')
        .select(COLUMNS)
        .$if(words !== '', (query) =>
          query.where((where) =>
            where.or([
              where('family_name', 'ilike', `${escapeLike(words)}%`),
              where('given_name', 'ilike', `${escapeLike(words)}%`),
              ...(/^\d{1,9}$/.test(words) ? [where('chart_number', '=', Number(words))] : []),
            ]),
          ),
        )
        // The next page begins behind a row and not at a count: what is added meanwhile shifts nothing.
        .$if(after !== undefined, (query) => {
          const [family, givenName, id] = readCursor(after ?? '', 3)
          return query.where(
            sql<boolean>`(family_name, given_name, patients.id) > (${family}, ${givenName}, ${id}::uuid)`,
          )
        })
        .orderBy('family_name')
        .orderBy('given_name')
        .orderBy('patients.id')
        .limit(limit + 1)
        .execute()
      const page = rows.slice(0, limit)
      const last = rows.length > limit ? page.at(-1) : undefined
      return { patients: page, after: last ? writeCursor([last.familyName, last.givenName, last.id]) : null }
    },
  )

  app.get<{ Params: z.output<typeof ofOne> }>(
    '/clinics/:slug/patients/:id',
    {
      onRequest: staffOnly,
      schema: routeSchema({
        summary: 'A patient, with the appointments from yesterday on',
        params: ofOne,
        response: { 200: patient.extend({ appointments: z.array(appointment) }) },
      }),
    },
    async ({ params: { id } }) => {
      // Both in one round trip.
      const [[found], appointments] = await db
        .current()
        .batch((q) => [
          q
            .selectFrom('patients')
            .innerJoin('patient_profiles as profile', 'profile.id', 'patients.profile_id')
            .select(COLUMNS)
            .where('patients.id', '=', id),
          q
            .selectFrom('appointments')
            .select(['id', 'starts_at as startsAt', 'minutes', 'status'])
            .where('patient_id', '=', id)
            .where('starts_at', '>', sql<Date>`now() - interval '1 day'`)
            .orderBy('starts_at')
            .limit(50),
        ])
      if (!found) throw new RequestRefusedError(404, 'There is no such patient.')
      return {
        ...found,
        appointments: appointments.map((row) => ({ ...row, startsAt: row.startsAt.toISOString() })),
      }
    },
  )

  app.post<{ Body: z.output<typeof newPatient> }>(
    '/clinics/:slug/patients',
    {
      onRequest: staffOnly,
      config: { leasehold: { transaction: true } },
      schema: routeSchema({
        summary: 'Registers somebody as a patient',
        params: ofClinic,
        body: newPatient,
        response: { 201: z.object({ id: z.uuid(), chartNumber: z.int() }) },
      }),
    },
    async (request, reply) => {
      const { claims } = sessionOf(request)
      const { givenName, familyName, birthDate } = request.body
      const tx = transactionOf<Database>(request)
      // Charts are counted without gaps, so one registration of a clinic at a time; the lock ends with the transaction.
      await tx.query(
        `select pg_advisory_xact_lock(hashtextextended('chart:' || current_setting('app.tenant_id'), 0))`,
      )
      const created = await tx
        .with('profile', (q) =>
          q
            .insertInto('patient_profiles')
            .values({
              person_id: sql<string>`gen_random_uuid()`,
              given_name: givenName,
              family_name: familyName,
              birth_date: birthDate,
            })
            .returning('id'),
        )
        .insertInto('patients')
        .columns(['profile_id', 'chart_number'])
        .expression((q) =>
          q
            .selectFrom('profile')
            .select((e) => [
              'profile.id as profile_id',
              e
                .selectFrom('patients')
                .select(sql<number>`coalesce(max(chart_number), 0) + 1`.as('next'))
                .as('chart_number'),
            ]),
        )
        .returning(['id', 'chart_number as chartNumber'])
        .executeTakeFirstOrThrow()
      await tx
        .insertInto('audit_log')
        .values({ actor: claims.sub, action: 'write', record_id: created.id })
        .execute()
      cache?.invalidate(tx, TAGS.patients)
      return reply.code(201).send(created)
    },
  )
}

/** A `date` as text: pg would make of it a moment in the process's own time zone. */
const COLUMNS = [
  'patients.id' as const,
  'chart_number as chartNumber' as const,
  'given_name as givenName' as const,
  'family_name as familyName' as const,
  sql<string>`birth_date::text`.as('birthDate'),
]

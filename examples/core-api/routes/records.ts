import { RequestRefusedError } from '@clinic/kit'
import { type Chart, type Database, readChart } from '@clinic/schema'
import type { FastifyInstance } from 'fastify'
import { transactionOf } from 'leasehold/fastify'
import { z } from 'zod'
import type { CoreApiParts } from '../core-api-parts.ts'
import { ofOne, routeSchema } from '../route-schema.ts'
import { sessionOf, staffOnly } from '../session.ts'

const kind = z.enum(['note', 'diagnosis', 'prescription', 'result'])
export const record: z.ZodObject = z.object({
  id: z.uuid(),
  recordedAt: z.string(),
  kind,
  body: z.string(),
  author: z.string(),
})
const newRecord = z.object({ kind, body: z.string().min(1).max(10_000) })

/** Charts. Who reads one is written down. */
export async function recordRoutes(app: FastifyInstance, { wiring }: CoreApiParts): Promise<void> {
  const { db } = wiring

  app.get<{ Params: z.output<typeof ofOne> }>(
    '/clinics/:slug/patients/:id/records',
    {
      onRequest: staffOnly,
      schema: routeSchema({
        summary: 'The entries of a chart, newest first; that they were read is logged',
        params: ofOne,
        response: { 200: z.object({ records: z.array(record) }) },
      }),
    },
    async (request) => {
      const { tenant, settings } = sessionOf(request)
      // A GET that writes. `db.current()` of a GET reads only, from a replica; `db.tenant()` is the primary's, and may write.
      const chart = await readChart(db.tenant(tenant, { settings }), request.params.id)
      if (!chart) throw new RequestRefusedError(404, 'There is no such patient.')
      return { records: recordsOf(chart) }
    },
  )

  app.post<{ Params: z.output<typeof ofOne>; Body: z.output<typeof newRecord> }>(
    '/clinics/:slug/patients/:id/records',
    {
      onRequest: staffOnly,
      config: { leasehold: { transaction: true } },
      schema: routeSchema({
        summary: 'Adds an entry to a chart',
        params: ofOne,
        body: newRecord,
        response: { 201: z.object({ id: z.uuid() }) },
      }),
    },
    async (request, reply) => {
      const { claims } = sessionOf(request)
      const tx = transactionOf<Database>(request)
      const created = await tx
        .insertInto('clinical_records')
        .values({ patient_id: request.params.id, author: claims.name, ...request.body })
        .returning('id')
        .executeTakeFirstOrThrow()
      await tx
        .insertInto('audit_log')
        .values({ actor: claims.sub, action: 'write', record_id: created.id })
        .execute()
      return reply.code(201).send(created)
    },
  )
}

export function recordsOf({ records }: Chart) {
  return records.map(({ recordedAt, ...entry }) => ({ ...entry, recordedAt: recordedAt.toISOString() }))
}

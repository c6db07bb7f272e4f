import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { CoreApiParts } from '../core-api-parts.ts'
import { ofClinic, routeSchema } from '../route-schema.ts'
import { sessionOf, staffOnly } from '../session.ts'
import { summaries, todayIn } from '../summary.ts'

const count = z.int()
const answer = z.object({
  day: z.iso.date(),
  patients: count,
  appointments: z.object({ booked: count, arrived: count, done: count, cancelled: count, missed: count }),
})

/** The hot read: from the cache, and never older than the last write that was acknowledged. */
export async function summaryRoutes(app: FastifyInstance, { wiring }: CoreApiParts): Promise<void> {
  const read = summaries(wiring)

  app.get(
    '/clinics/:slug/summary',
    {
      onRequest: staffOnly,
      schema: routeSchema({
        summary: "A clinic's day in numbers",
        params: ofClinic,
        response: { 200: answer },
      }),
    },
    async (request) => {
      const { tenant, organization } = sessionOf(request)
      const day = todayIn(organization.timeZone)
      return { day, ...(await read(tenant, day, organization.timeZone)) }
    },
  )
}

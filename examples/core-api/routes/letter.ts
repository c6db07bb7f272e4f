import { setTimeout as wait } from 'node:timers/promises'
import { RequestRefusedError } from '@clinic/kit'
import { readChart } from '@clinic/schema'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import type { CoreApiParts } from '../core-api-parts.ts'
import type { ofOne } from '../route-schema.ts'
import { sessionOf, staffOnly } from '../session.ts'

/** Entries that a letter quotes. */
const QUOTED = 5

/**
 * A referral letter out of a chart. The chart is read and logged before the letter is rendered, and rendering holds no connection:
 * a thousand letters at a time need no more of them than one.
 */
export async function letterRoutes(app: FastifyInstance, { wiring, env }: CoreApiParts): Promise<void> {
  const { db } = wiring

  app.get<{ Params: z.output<typeof ofOne> }>(
    '/clinics/:slug/patients/:id/letter',
    {
      onRequest: staffOnly,
      schema: { summary: 'A referral letter, as text', produces: ['text/plain'] },
    },
    async (request, reply) => {
      const { tenant, settings, organization, claims } = sessionOf(request)
      const { id } = request.params
      const [person, chart] = await Promise.all([
        db
          .current()
          .selectFrom('patients')
          .innerJoin('patient_profiles as profile', 'profile.id', 'patients.profile_id')
          .select(['given_name', 'family_name', 'chart_number'])
          .where('patients.id', '=', id)
          .executeTakeFirst(),
        readChart(db.tenant(tenant, { settings }), id),
      ])
      if (!person || !chart) throw new RequestRefusedError(404, 'There is no such patient.')
      if (env.RENDER_MS > 0) await wait(env.RENDER_MS)
      const lines = [
        organization.name,
        '',
        `Referral of ${person.given_name} ${person.family_name}, chart ${person.chart_number}`,
        '',
        'Dear colleague,',
        'thank you for seeing our patient. From the chart:',
        '',
        ...chart.records
          .slice(0, QUOTED)
          .map(
            ({ recordedAt, kind, body }) => `- ${recordedAt.toISOString().slice(0, 10)} (${kind}) ${body}`,
          ),
        '',
        `With kind regards, ${claims.name}`,
        '',
      ]
      return reply.type('text/plain; charset=utf-8').send(lines.join('\n'))
    },
  )
}

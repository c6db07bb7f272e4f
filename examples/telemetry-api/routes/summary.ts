import { RequestRefusedError } from '@clinic/kit'
import { Hono } from 'hono'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Wiring } from '../wiring.ts'

const day = z.iso.date()

/** `GET /v1/events/summary?day=2026-11-23`: how often each kind of event arrived on a day, in UTC. */
export function summaryRoute({ db }: Pick<Wiring, 'db'>): Hono {
  return new Hono().get('/summary', async (context) => {
    const asked = day.safeParse(context.req.query('day'))
    if (!asked.success) throw new RequestRefusedError(400, 'Say which day: ?day=2026-11-23.')
    const from = new Date(`${asked.data}T00:00:00Z`)
    const to = new Date(from.getTime() + 24 * 60 * 60 * 1_000)
    const kinds = await db
      .current()
      .selectFrom('events')
      .where('at', '>=', from)
      .where('at', '<', to)
      .groupBy('kind')
      .orderBy('kind')
      .select(['kind', sql<number>`count(*)::integer`.as('events')])
      .execute()
    return context.json({ day: asked.data, kinds })
  })
}

import { RequestRefusedError } from '@clinic/kit'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AlreadyAppliedError } from 'leasehold'
import { z } from 'zod'
import type { Wiring } from '../wiring.ts'

const MOST_EVENTS = 1_000
const MOST_BYTES = 256 * 1024
/** Milliseconds that a device's clock may be ahead. */
const CLOCK_TOLERANCE_MS = 24 * 60 * 60 * 1_000

const event = z.strictObject({
  happened_at: z.iso
    .datetime({ offset: true })
    .refine((text) => Date.parse(text) < Date.now() + CLOCK_TOLERANCE_MS, 'lies in the future'),
  kind: z.string().regex(/^[a-z][a-z0-9_.]{0,63}$/),
  source: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  value: z.number().optional(),
})
const batch = z.strictObject({ events: z.array(event).min(1).max(MOST_EVENTS) })
const key = z.uuid()

/** Columns by columns, so that a batch of any size is one prepared statement. */
const INSERT = `
  insert into events (happened_at, kind, source, value)
  select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::float8[])`

/**
 * `POST /v1/events`: stores a batch, and answers once it is committed. The header `idempotency-key` names the batch: whoever has no
 * answer sends it again under the same key, and it is stored once.
 */
export function ingestRoute({ db }: Pick<Wiring, 'db'>): Hono {
  return new Hono().post('/', bodyLimit({ maxSize: MOST_BYTES }), async (context) => {
    const receipt = key.safeParse(context.req.header('idempotency-key'))
    if (!receipt.success) throw new RequestRefusedError(400, 'The header idempotency-key must be a UUID.')
    const read = batch.safeParse(await context.req.json().catch(() => undefined))
    if (!read.success) throw new RequestRefusedError(400, `The batch is not valid: ${whereOf(read.error)}.`)
    const { events } = read.data
    const values = [
      events.map(({ happened_at }) => happened_at),
      events.map(({ kind }) => kind),
      events.map(({ source }) => source),
      events.map(({ value }) => value ?? null),
    ]
    try {
      await db.current().batch([{ text: INSERT, values }], { receipt: receipt.data })
    } catch (error) {
      // It was stored the first time, whose answer was lost.
      if (!(error instanceof AlreadyAppliedError)) throw error
      return context.json({ stored: events.length, repeated: true }, 200)
    }
    return context.json({ stored: events.length, repeated: false }, 201)
  })
}

/** Places of what is wrong, and no value of it. */
function whereOf({ issues }: z.ZodError): string {
  return [...new Set(issues.map(({ path }) => path.join('.') || 'the body'))].slice(0, 5).join(', ')
}

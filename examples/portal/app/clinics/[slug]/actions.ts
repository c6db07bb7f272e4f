'use server'

import { refresh } from 'next/cache'
import { z } from 'zod'
import { RefusedError, write } from '../../../lib/core-api.ts'
import { instantOf } from '../../../lib/zoned-time.ts'

/** What a form shows after it was sent. */
export interface FormState {
  readonly problem: string
  readonly done: string
}

const MINUTES = 20
const slug = z.string().regex(/^[a-z0-9-]{1,63}$/)
const booking = z.object({
  slug,
  patientId: z.uuid(),
  day: z.iso.date(),
  time: z.string(),
  timeZone: z.string().max(64),
})
const cancellation = z.object({ slug, id: z.uuid() })
const NOT_VALID = 'Choose a day and a time.'

/** Whose appointment it is, and at which clinic, is for the Core API to check: a form can say anything. */
export async function bookAppointment(_before: FormState, data: FormData): Promise<FormState> {
  const given = booking.safeParse(Object.fromEntries(data))
  if (!given.success) return { problem: NOT_VALID, done: '' }
  const { slug, patientId, day, time, timeZone } = given.data
  return attempt('The appointment is booked.', async () => {
    const startsAt = instantOf(day, time, timeZone).toISOString()
    await write('POST', `/clinics/${slug}/appointments`, { patientId, startsAt, minutes: MINUTES })
  })
}

export async function cancelAppointment(_before: FormState, data: FormData): Promise<FormState> {
  const given = cancellation.safeParse(Object.fromEntries(data))
  if (!given.success) return { problem: 'That appointment is not known.', done: '' }
  const { slug, id } = given.data
  return attempt('The appointment is cancelled.', () =>
    write('PATCH', `/clinics/${slug}/appointments/${id}`, { status: 'cancelled' }),
  )
}

async function attempt(done: string, work: () => Promise<void>): Promise<FormState> {
  try {
    await work()
  } catch (error) {
    if (error instanceof RefusedError) return { problem: error.message, done: '' }
    if (error instanceof RangeError) return { problem: NOT_VALID, done: '' }
    throw error
  }
  // The page is read anew, with the token of what was just written.
  refresh()
  return { problem: '', done }
}

'use server'

import { TAGS } from '@clinic/schema'
import { sql } from 'kysely'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { answerForm } from '../lib/answer-form.ts'
import type { FormState } from '../lib/form-state.ts'
import { scoped } from '../lib/scoped.ts'
import { requireStaff, type Session } from '../lib/session.ts'
import { wiring } from '../lib/wiring.ts'

const shape = z.object({
  patientId: z.uuid(),
  day: z.iso.date(),
  time: z.iso.time(),
  minutes: z.coerce.number().int().min(5).max(240),
})

const book = scoped.transactionAction(
  async (tx, given: z.output<typeof shape>, { claims, organization }: Session) => {
    const { patientId, day, time, minutes } = given
    await tx
      .insertInto('appointments')
      .values({
        patient_id: patientId,
        // What the clock on the clinic's wall shows, wherever this process runs.
        starts_at: sql<Date>`(${day}::date + ${time}::time) at time zone ${organization.timeZone}`,
        minutes,
        booked_by: claims.name,
      })
      .execute()
    const { cache } = await wiring()
    cache?.invalidate(tx, TAGS.appointments)
    redirect(`/patients/${patientId}`)
  },
)

/** Books an appointment, and shows the chart. */
export async function bookAppointment(_before: FormState, data: FormData): Promise<FormState> {
  return answerForm(data, { shape, problem: 'Enter a day, a time, and how long it takes.' }, async (given) =>
    // Before the transaction: who it is may have to be asked of others, and a connection is not held for that.
    book(given, await requireStaff()),
  )
}

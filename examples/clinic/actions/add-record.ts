'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { answerForm } from '../lib/answer-form.ts'
import type { FormState } from '../lib/form-state.ts'
import { scoped } from '../lib/scoped.ts'
import { requireStaff, type Session } from '../lib/session.ts'

const shape = z.object({
  patientId: z.uuid(),
  kind: z.enum(['note', 'diagnosis', 'prescription', 'result']),
  body: z.string().trim().min(1).max(10_000),
})

const add = scoped.transactionAction(
  async (tx, { patientId, kind, body }: z.output<typeof shape>, { claims }: Session) => {
    const { id } = await tx
      .insertInto('clinical_records')
      .values({ patient_id: patientId, author: claims.name, kind, body })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx.insertInto('audit_log').values({ actor: claims.sub, action: 'write', record_id: id }).execute()
    redirect(`/patients/${patientId}`)
  },
)

/** Adds an entry to a chart, and shows it. Entries are never changed: a correction is another one. */
export async function addRecord(_before: FormState, data: FormData): Promise<FormState> {
  return answerForm(data, { shape, problem: 'Choose a kind, and write something.' }, async (given) =>
    // Before the transaction: who it is may have to be asked of others, and a connection is not held for that.
    add(given, await requireStaff()),
  )
}

'use server'

import { RequestRefusedError } from '@clinic/kit'
import { TAGS } from '@clinic/schema'
import { refresh } from 'next/cache'
import { z } from 'zod'
import { answerForm } from '../lib/answer-form.ts'
import type { FormState } from '../lib/form-state.ts'
import { scoped } from '../lib/scoped.ts'
import { wiring } from '../lib/wiring.ts'

const shape = z.object({
  id: z.uuid(),
  status: z.enum(['arrived', 'done', 'cancelled', 'missed']),
})

const change = scoped.transactionAction(async (tx, { id, status }: z.output<typeof shape>) => {
  const changed = await tx
    .updateTable('appointments')
    .set({ status })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  if (!changed) throw new RequestRefusedError(404, 'There is no such appointment.')
  const { cache } = await wiring()
  cache?.invalidate(tx, TAGS.appointments)
})

/** Says what became of an appointment. */
export async function changeStatus(_before: FormState, data: FormData): Promise<FormState> {
  return answerForm(data, { shape, problem: 'That is nothing an appointment can become.' }, async (given) => {
    await change(given)
    refresh()
  })
}

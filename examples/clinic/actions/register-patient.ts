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

const name = z.string().trim().min(1).max(80)
const shape = z.object({ givenName: name, familyName: name, birthDate: z.iso.date() })

const register = scoped.transactionAction(
  async (tx, { givenName, familyName, birthDate }: z.output<typeof shape>, { claims }: Session) => {
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
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('audit_log')
      .values({ actor: claims.sub, action: 'write', record_id: created.id })
      .execute()
    const { cache } = await wiring()
    cache?.invalidate(tx, TAGS.patients)
    // Thrown, and an answer: the transaction is committed, and then the browser goes there.
    redirect(`/patients/${created.id}`)
  },
)

/** Registers somebody as a patient, and shows the new chart. */
export async function registerPatient(_before: FormState, data: FormData): Promise<FormState> {
  return answerForm(data, { shape, problem: 'Enter both names and the date of birth.' }, async (given) =>
    // Before the transaction: who it is may have to be asked of others, and a connection is not held for that.
    register(given, await requireStaff()),
  )
}

'use server'

import { askForToken, type TokenRefusal, TokenRefusedError } from '@clinic/kit'
import { keepSession } from '@clinic/web'
import { redirect } from 'next/navigation'
import type { FormState } from '../../lib/form-state.ts'
import { clinic, staffOf } from '../../lib/session.ts'

const WORDS: Partial<Record<TokenRefusal, string>> = {
  'wrong-tenant': 'This account is not for this clinic.',
  'wrong-role': 'This account is not one of the clinic’s staff.',
}

/** Asks the clinic's own identity provider for a token, and keeps it if it is of one of the clinic's staff. */
export async function signIn(_before: FormState, data: FormData): Promise<FormState> {
  const organization = await clinic()
  const asked = await askForToken(organization.issuer, data)
  if ('problem' in asked) return { values: { email: asked.email }, problem: asked.problem }
  try {
    await staffOf(asked.token, organization)
  } catch (error) {
    if (!(error instanceof TokenRefusedError)) throw error
    const values = { email: String(data.get('email')) }
    return { values, problem: WORDS[error.refusal] ?? error.message }
  }
  await keepSession(asked)
  redirect('/')
}

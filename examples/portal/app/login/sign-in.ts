'use server'

import { askForToken, type SignInProblem, TokenRefusedError } from '@clinic/kit'
import { keepSession } from '@clinic/web'
import { redirect } from 'next/navigation'
import { patientIssuer, patientOf } from '../../lib/session.ts'

/** Asks the identity provider for a token, and keeps it if it is a patient's. */
export async function signIn(_before: SignInProblem, data: FormData): Promise<SignInProblem> {
  const asked = await askForToken(patientIssuer(), data)
  if ('problem' in asked) return asked
  try {
    await patientOf(asked.token)
  } catch (error) {
    if (!(error instanceof TokenRefusedError)) throw error
    const email = String(data.get('email'))
    return {
      email,
      problem: error.refusal === 'wrong-role' ? 'This account is not a patient’s.' : error.message,
    }
  }
  await keepSession(asked)
  redirect('/')
}

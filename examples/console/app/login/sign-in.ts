'use server'

import { askForToken, type SignInProblem, TokenRefusedError } from '@clinic/kit'
import { keepSession } from '@clinic/web'
import { redirect } from 'next/navigation'
import { operatorIssuer, operatorOf } from '../../lib/session.ts'

/** Asks the identity provider for a token, and keeps it if it is an operator's. */
export async function signIn(_before: SignInProblem, data: FormData): Promise<SignInProblem> {
  const asked = await askForToken(operatorIssuer(), data)
  if ('problem' in asked) return asked
  try {
    await operatorOf(asked.token)
  } catch (error) {
    if (!(error instanceof TokenRefusedError)) throw error
    const email = String(data.get('email'))
    return {
      email,
      problem: error.refusal === 'wrong-role' ? 'This account is not an operator’s.' : error.message,
    }
  }
  await keepSession(asked)
  redirect('/')
}

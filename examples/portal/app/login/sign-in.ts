'use server'

import { TokenRefusedError } from '@clinic/kit'
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { patientIssuer, patientOf, SESSION_COOKIE } from '../../lib/session.ts'

/** What the form shows after an attempt that did not succeed. */
export interface SignInState {
  readonly email: string
  readonly problem: string
}

const form = z.object({ email: z.email().max(254), password: z.string().min(1).max(256) })
const answer = z.object({ access_token: z.string(), expires_in: z.number().int().positive() })
const LIMIT_MS = 5_000

/** Asks the identity provider for a token and keeps it in a cookie that no script can read, if it is a patient's. */
export async function signIn(_before: SignInState, data: FormData): Promise<SignInState> {
  const given = form.safeParse(Object.fromEntries(data))
  const email = String(data.get('email') ?? '').slice(0, 254)
  if (!given.success) return { email, problem: 'Enter your email address and your password.' }
  const response = await fetch(`${patientIssuer()}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given.data),
    signal: AbortSignal.timeout(LIMIT_MS),
    cache: 'no-store',
  }).catch(() => undefined)
  if (response?.status === 401) return { email, problem: 'The email address or the password is wrong.' }
  const read = answer.safeParse(await response?.json().catch(() => undefined))
  if (!response?.ok || !read.success)
    return { email, problem: 'The identity provider does not answer. Try again.' }
  const { access_token: token, expires_in: maxAge } = read.data
  try {
    await patientOf(token)
  } catch (error) {
    if (error instanceof TokenRefusedError) return { email, problem: problemOf(error) }
    throw error
  }
  const isHttps = (await headers()).get('x-forwarded-proto') === 'https'
  ;(await cookies()).set(SESSION_COOKIE, token, {
    ...{ httpOnly: true, sameSite: 'lax', secure: isHttps, path: '/', maxAge },
  })
  redirect('/')
}

function problemOf({ refusal, message }: TokenRefusedError): string {
  return refusal === 'wrong-role' ? 'This account is not a patient’s.' : message
}

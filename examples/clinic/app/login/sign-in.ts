'use server'

import { type TokenRefusal, TokenRefusedError } from '@clinic/kit'
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { FormState } from '../../lib/form-state.ts'
import { clinic, SESSION_COOKIE, staffOf } from '../../lib/session.ts'

const form = z.object({ email: z.email().max(254), password: z.string().min(1).max(256) })
const answer = z.object({ access_token: z.string(), expires_in: z.number().int().positive() })
const LIMIT_MS = 5_000

const WORDS: Partial<Record<TokenRefusal, string>> = {
  'wrong-tenant': 'This account is not for this clinic.',
  'wrong-role': 'This account is not one of the clinic’s staff.',
}

/** Asks the clinic's own identity provider for a token, and keeps it in a cookie that no script can read. */
export async function signIn(_before: FormState, data: FormData): Promise<FormState> {
  const organization = await clinic()
  const values = { email: String(data.get('email') ?? '').slice(0, 254) }
  const given = form.safeParse({ email: data.get('email'), password: data.get('password') })
  if (!given.success) return { values, problem: 'Enter your email address and your password.' }
  const response = await fetch(`${organization.issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given.data),
    signal: AbortSignal.timeout(LIMIT_MS),
    cache: 'no-store',
  }).catch(() => undefined)
  if (response?.status === 401) return { values, problem: 'The email address or the password is wrong.' }
  const read = answer.safeParse(await response?.json().catch(() => undefined))
  if (!response?.ok || !read.success) {
    return { values, problem: 'The identity provider does not answer. Try again.' }
  }
  const { access_token: token, expires_in: maxAge } = read.data
  try {
    await staffOf(token, organization)
  } catch (error) {
    if (!(error instanceof TokenRefusedError)) throw error
    return { values, problem: WORDS[error.refusal] ?? error.message }
  }
  const secure = (await headers()).get('x-forwarded-proto') === 'https'
  const jar = await cookies()
  jar.set(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge })
  redirect('/')
}

import { z } from 'zod'

/** A token, and the seconds for which it is good. */
export interface IssuedToken {
  readonly token: string
  readonly maxAge: number
}

/** What a form shows after an attempt that did not succeed. */
export interface SignInProblem {
  /** What stood in its field, which React empties. */
  readonly email: string
  readonly problem: string
}

const form = z.object({ email: z.email().max(254), password: z.string().min(1).max(256) })
const answer = z.object({ access_token: z.string(), expires_in: z.number().int().positive() })
const LIMIT_MS = 5_000

/**
 * Asks an identity provider for a token, with the fields `email` and `password` of a form. What the token says is for the caller to
 * verify: it may be of somebody who has no business here.
 *
 * @param issuer its address, which `/token` is under
 */
export async function askForToken(issuer: string, data: FormData): Promise<IssuedToken | SignInProblem> {
  const email = String(data.get('email') ?? '').slice(0, 254)
  const given = form.safeParse({ email: data.get('email'), password: data.get('password') })
  if (!given.success) return { email, problem: 'Enter your email address and your password.' }
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given.data),
    signal: AbortSignal.timeout(LIMIT_MS),
    cache: 'no-store',
  }).catch(() => undefined)
  if (response?.status === 401) return { email, problem: 'The email address or the password is wrong.' }
  if (response?.status === 429) {
    return { email, problem: 'That was tried too often. Try again in a quarter of an hour.' }
  }
  const read = answer.safeParse(await response?.json().catch(() => undefined))
  if (!response?.ok || !read.success) {
    return { email, problem: 'The identity provider does not answer. Try again.' }
  }
  return { token: read.data.access_token, maxAge: read.data.expires_in }
}

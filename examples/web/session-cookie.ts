import type { IssuedToken } from '@clinic/kit'
import { cookies, headers } from 'next/headers'

/** A cookie of one host: each clinic's sessions are its own. */
const NAME = 'session'

/** The token of whoever sends this request, as the browser says it: to be verified. */
export async function readSession(): Promise<string | undefined> {
  return (await cookies()).get(NAME)?.value
}

/** Keeps a token that has been verified, where no script can read it. For server actions. */
export async function keepSession({ token, maxAge }: IssuedToken): Promise<void> {
  const secure = (await headers()).get('x-forwarded-proto') === 'https'
  const jar = await cookies()
  jar.set(NAME, token, { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge })
}

/** For server actions and route handlers. */
export async function forgetSession(): Promise<void> {
  const jar = await cookies()
  jar.delete(NAME)
}

import type { IssuedToken } from '@clinic/kit'
import { cookies, headers } from 'next/headers'

/**
 * A cookie of one host: each clinic's sessions are its own. Over HTTPS its name says so, and a browser then takes it from that host only:
 * without that, the host of another clinic could set one for the whole domain.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
const NAMES = { secure: '__Host-session', plain: 'session' }

/** The token of whoever sends this request, as the browser says it: to be verified. */
export async function readSession(): Promise<string | undefined> {
  return (await cookies()).get(nameOf(await isSecure()))?.value
}

/** Keeps a token that has been verified, where no script can read it. For server actions. */
export async function keepSession({ token, maxAge }: IssuedToken): Promise<void> {
  const [jar, secure] = [await cookies(), await isSecure()]
  jar.set(nameOf(secure), token, { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge })
}

/** For server actions and route handlers. */
export async function forgetSession(): Promise<void> {
  const [jar, secure] = [await cookies(), await isSecure()]
  // A browser takes no other cookie of this name, not even one that has ended.
  jar.set(nameOf(secure), '', { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: 0 })
}

function nameOf(secure: boolean): string {
  return secure ? NAMES.secure : NAMES.plain
}

/** Whether the browser came by HTTPS, as the edge says it; the first of several proxies is the browser's. */
async function isSecure(): Promise<boolean> {
  const [first] = ((await headers()).get('x-forwarded-proto') ?? '').split(',')
  return first?.trim() === 'https'
}

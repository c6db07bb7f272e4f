import { isSameOrigin } from '@clinic/kit'
import { forgetSession } from './session-cookie.ts'

/** Forgets the session. A POST, which no other site, and no other clinic, can have a browser send. */
export async function logOut({ headers }: Request): Promise<Response> {
  if (!isSameOrigin(headers)) return new Response(null, { status: 403 })
  await forgetSession()
  // Relative: which host the browser knows this service by is the edge's affair.
  return new Response(null, { status: 303, headers: { location: '/login' } })
}

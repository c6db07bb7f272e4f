import { isSameOrigin } from '@clinic/kit'
import { cookies } from 'next/headers'
import { SESSION_COOKIE } from '../../lib/session.ts'

/** Forgets the session. A POST, which no other site, and no other clinic, can have a browser send. */
export async function POST({ headers }: Request): Promise<Response> {
  if (!isSameOrigin(headers)) return new Response(null, { status: 403 })
  const jar = await cookies()
  jar.delete(SESSION_COOKIE)
  // Relative: which host the browser knows this service by is the edge's affair.
  return new Response(null, { status: 303, headers: { location: '/login' } })
}

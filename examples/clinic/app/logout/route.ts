import { cookies } from 'next/headers'
import { SESSION_COOKIE } from '../../lib/session.ts'

/** Forgets the session. A POST, which no other site can send with the cookie: it is SameSite=Lax. */
export async function POST(): Promise<Response> {
  const jar = await cookies()
  jar.delete(SESSION_COOKIE)
  // Relative: which host the browser knows this service by is the edge's affair.
  return new Response(null, { status: 303, headers: { location: '/login' } })
}

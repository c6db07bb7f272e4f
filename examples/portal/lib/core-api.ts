import 'server-only'
import { cookies, headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import type { z } from 'zod'
import { requireSession } from './session.ts'
import { wiring } from './wiring.ts'

/** The header that carries consistency tokens between the Core API and its clients, and the cookie in which this one keeps it. */
const TOKEN_HEADER = 'leasehold-token'
const TOKEN_COOKIE = 'seen'
/** Seconds that a token is good for. */
const TOKEN_MAX_AGE = 30
const LIMIT_MS = 12_000

/** The Core API refused what a patient asked for, in words that they can be shown. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/**
 * Reads from the Core API as the patient who is signed in. What they have written before is sent along as a token, so that a replica
 * which has not got there yet is not asked.
 */
export async function read<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
  const response = await send('GET', path)
  if (response.status === 403 || response.status === 404) notFound()
  if (!response.ok) throw new Error(`The Core API answered ${response.status}.`)
  return schema.parse(await response.json())
}

/**
 * Writes, and keeps the token of what was written for the pages to come. To be called by a server action, which can set cookies.
 *
 * @throws {RefusedError}
 */
export async function write(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<void> {
  const response = await send(method, path, body)
  const token = response.headers.get(TOKEN_HEADER)
  if (token) {
    const isHttps = (await headers()).get('x-forwarded-proto') === 'https'
    ;(await cookies()).set(TOKEN_COOKIE, token, {
      ...{ httpOnly: true, sameSite: 'lax', secure: isHttps, path: '/', maxAge: TOKEN_MAX_AGE },
    })
  }
  if (response.ok) return
  const { title } = (await response.json().catch(() => ({}))) as { title?: unknown }
  throw new RefusedError(typeof title === 'string' ? title : 'That did not work. Try again.')
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const { token } = await requireSession()
  const { env, metrics } = wiring()
  const seen = (await cookies()).get(TOKEN_COOKIE)?.value
  const response = await fetch(`${env.CORE_API_URL}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(seen !== undefined && { [TOKEN_HEADER]: seen }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(LIMIT_MS),
    cache: 'no-store',
  })
  metrics.countResponse(response.status)
  if (response.status === 401) redirect('/login')
  return response
}

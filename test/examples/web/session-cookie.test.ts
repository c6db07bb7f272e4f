import { beforeEach, describe, expect, it, vi } from 'vitest'

interface SessionCookie {
  readSession(): Promise<string | undefined>
  keepSession(issued: { readonly token: string; readonly maxAge: number }): Promise<void>
  forgetSession(): Promise<void>
}

const sent = { cookies: new Map<string, string>(), headers: new Headers() }
const set = vi.fn()
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => (sent.cookies.has(name) ? { value: sent.cookies.get(name) } : undefined),
    set,
  }),
  headers: async () => sent.headers,
}))
// By a path that is worked out: the compiler that checks the tests does not know Next.js, whose types change those of Node.
const path = new URL('../../../examples/web/session-cookie.ts', import.meta.url).pathname
const { forgetSession, keepSession, readSession }: SessionCookie = await import(path)

const ISSUED = { token: 'a.b.c', maxAge: 3600 }

/** What browsers ask of a cookie whose name begins with `__Host-`. */
const OF_ONE_HOST = { secure: true, path: '/', httpOnly: true, sameSite: 'lax' }

describe('the cookie of a session', () => {
  beforeEach(() => {
    sent.cookies.clear()
    sent.headers = new Headers()
    set.mockClear()
  })

  it.each(['https', 'https,http', 'https, http'])(
    'is of one host only where the browser came by %s',
    async (proto) => {
      sent.headers.set('x-forwarded-proto', proto)
      await keepSession(ISSUED)
      expect(set).toHaveBeenCalledExactlyOnceWith('__Host-session', 'a.b.c', { ...OF_ONE_HOST, maxAge: 3600 })
      expect(set.mock.calls[0]?.[2]).not.toHaveProperty('domain')
    },
  )

  it.each([undefined, 'http', 'http,https'])('has a plain name where it came by %s', async (proto) => {
    if (proto) sent.headers.set('x-forwarded-proto', proto)
    await keepSession(ISSUED)
    expect(set).toHaveBeenCalledExactlyOnceWith(
      'session',
      'a.b.c',
      expect.objectContaining({ secure: false }),
    )
  })

  it('is not taken from another host of the domain', async () => {
    sent.headers.set('x-forwarded-proto', 'https')
    sent.cookies.set('session', 'of another host')
    expect(await readSession()).toBeUndefined()
    sent.cookies.set('__Host-session', 'of this one')
    expect(await readSession()).toBe('of this one')
  })

  it('ends as it was set, for a browser takes no other of that name', async () => {
    sent.headers.set('x-forwarded-proto', 'https')
    await forgetSession()
    expect(set).toHaveBeenCalledExactlyOnceWith('__Host-session', '', { ...OF_ONE_HOST, maxAge: 0 })
  })
})

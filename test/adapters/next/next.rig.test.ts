import { notFound, redirect } from 'next/navigation.js'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leasehold, type NextScopes } from '../../../src/adapters/next/index.ts'
import { ConfigError, DeadlineError, type Leasehold, ScopeRequiredError } from '../../../src/index.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../../router/support/fleet.ts'
import { fill, TENANT_A, TENANT_B } from '../../support/notes.ts'
import { INSERT_NOTE } from '../support/slow-commit.ts'
import { Browser } from './browser.ts'

const USERS: Readonly<Record<string, unknown>> = { anna: TENANT_A, bert: TENANT_B }
const COUNT = 'select count(*)::int as notes, pg_is_in_recovery() as standby from notes'

let rig: Rig
let db: Leasehold
let admin: pg.Client
let replica: pg.Client
let browser: Browser
let scoped: NextScopes<unknown>
let pooled: pg.Pool

beforeAll(async () => {
  rig = await startNotesRig(1)
  ;({ db } = openFleet(rig))
  pooled = db.asPool() as unknown as pg.Pool
  admin = new pg.Client({ connectionString: rig.primary.adminUrl() })
  replica = new pg.Client({ connectionString: rig.standbys[0]?.adminUrl() })
  await Promise.all([admin.connect(), replica.connect()])
})
afterAll(async () => {
  await db.close({ drainMs: 1_000 })
  await Promise.all([admin.end(), replica.end()])
  await rig.stop()
})
beforeEach(async () => {
  await fill(rig.primary.adminUrl(), 'truncate notes, children, parents cascade')
  browser = new Browser()
  scoped = leasehold(() => db, {
    next: browser.next,
    identify: () =>
      browser.user === undefined ? undefined : { tenant: USERS[browser.user], subject: browser.user },
    tokens: 'cookie',
  })
})

const readNotes = () =>
  scoped.read(async () => (await db.current().query<{ notes: number; standby: boolean }>(COUNT)).rows[0])()
const render = async () => {
  browser.isRendering = true
  try {
    return await readNotes()
  } finally {
    browser.isRendering = false
  }
}
const bodies = async () =>
  (await admin.query<{ body: string }>('select body from notes order by id')).rows.map(({ body }) => body)
const add = (body: string) => scoped.action(async () => db.current().query(INSERT_NOTE, [body]))()

describe('what Next.js calls', () => {
  it('reads for a page from a replica, and tries to set no cookie', async () => {
    expect(await render()).toEqual({ notes: 0, standby: true })
    expect(browser.cookies.size).toBe(0)
  })

  it('writes in an action on the primary, and the next page sees it while the replica is behind', async () => {
    await render()
    await replica.query('select pg_wal_replay_pause()')
    try {
      await add('x')
      expect([...browser.cookies.values()]).toEqual([
        {
          name: '__Host-leasehold',
          value: expect.stringMatching(/^[\w-]{20,}$/),
          ...{ httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge: 30 },
        },
      ])
      expect(await render()).toEqual({ notes: 1, standby: false })
      browser.cookies.clear()
      expect(await render()).toEqual({ notes: 0, standby: true })
    } finally {
      await replica.query('select pg_wal_replay_resume()')
    }
  })

  it('reads in an action what that has just written', async () => {
    const seen = await scoped.action(async () => {
      await db.current().query(INSERT_NOTE, ['x'])
      return readNotes()
    })()
    expect(seen).toEqual({ notes: 1, standby: false })
  })

  it('gives a token of one user to nobody else', async () => {
    await add('x')
    browser.user = 'bert'
    expect(await render()).toMatchObject({ notes: 0 })
  })

  it('refuses a write in a page and in a GET, with the pattern of the route', async () => {
    const write = async () => db.current().query(INSERT_NOTE, ['x'])
    const page = scoped.read(write, { httpRoute: '/notes/[id]' })
    await expect(page()).rejects.toThrow(/GET \/notes\/\[id\]/)
    const get = scoped.route(async () => Response.json(await write()))
    await expect(get(new Request('http://host/'), {})).rejects.toThrow('A GET request')
    expect(await bodies()).toEqual([])
  })

  it.each([
    ['is private', () => Response.json({}), 'private, no-store'],
    ['is private where its headers are fixed', () => Response.redirect('http://host/'), 'private, no-store'],
    ['says itself', () => new Response('', { headers: { 'cache-control': 'max-age=1' } }), 'max-age=1'],
  ])('answers in a route with what to caches %s', async (_what, answer, said) => {
    for (const handler of [scoped.route(answer), scoped.transactionRoute(answer)]) {
      const response = await handler(new Request('http://host/'), {})
      expect(response.headers.get('cache-control')).toBe(said)
    }
    browser.user = undefined
    const open = await scoped.route(() => new Response())(new Request('http://host/'), {})
    expect(open.headers.get('cache-control')).toBeNull()
  })

  it('has no scope without an identity, and no transaction', async () => {
    browser.user = undefined
    await expect(render()).rejects.toBeInstanceOf(ScopeRequiredError)
    await expect(scoped.transactionAction(async () => 'never')()).rejects.toBeInstanceOf(ScopeRequiredError)
  })

  it('reads nothing where it would be cached for everybody', async () => {
    browser.isInCache = true
    await expect(render()).rejects.toThrow('use cache')
  })

  it.each([
    ['current()', async () => (await db.current().query(COUNT)).rows],
    ['a pool that takes its tenant from the scope', async () => (await pooled.query(COUNT)).rows],
    ['another wrapped function', () => readNotes()],
    ['a transaction', () => scoped.transactionAction(async (tx) => (await tx.query(COUNT)).rows)()],
  ])(
    'reads nothing by %s where unstable_cache would keep it, in the scope of a request too',
    async (_how, read) => {
      const cached = async () => {
        browser.isInCache = true
        return read()
      }
      await expect(scoped.read(cached)()).rejects.toThrow('use cache')
      browser.isInCache = false
      const get = scoped.route(async () => Response.json(await cached()))
      await expect(get(new Request('http://host/'), {})).rejects.toThrow('use cache')
      browser.isInCache = false
      await expect(scoped.action(cached)()).rejects.toThrow('use cache')
    },
  )

  it('is refused a cookie that browsers would drop', () => {
    const options = { next: browser.next, identify: () => undefined, tokens: { secure: false } }
    expect(() => leasehold(db, options)).toThrow(ConfigError)
  })
})

describe('a transaction of Next.js', () => {
  it.each([
    ['redirects', () => redirect('/notes'), 'NEXT_REDIRECT'],
    ['finds nothing', () => notFound(), 'NEXT_HTTP_ERROR_FALLBACK;404'],
  ])('is committed before an action %s', async (_what, answer, signal) => {
    const action = scoped.transactionAction(async (tx) => {
      await tx.query(INSERT_NOTE, ['x'])
      answer()
    })
    await expect(action()).rejects.toThrow(signal)
    expect(await bodies()).toEqual(['x'])
    expect(browser.cookies.has('__Host-leasehold')).toBe(true)
  })

  it.each([
    ['throws', () => Promise.reject(new Error('thrown')), 'thrown'],
    [
      'throws an error whose cause is a redirect',
      () => {
        try {
          redirect('/notes')
        } catch (cause) {
          throw new Error('around', { cause })
        }
      },
      'around',
    ],
  ])('is rolled back where an action %s', async (_what, fail, message) => {
    const action = scoped.transactionAction(async (tx) => {
      await tx.query(INSERT_NOTE, ['lost'])
      await fail()
    })
    await expect(action()).rejects.toThrow(message)
    expect(await bodies()).toEqual([])
  })

  it('does not redirect where the commit fails', async () => {
    const action = scoped.transactionAction(async (tx) => {
      await tx.query('insert into children values (1)')
      redirect('/notes')
    })
    await expect(action()).rejects.toMatchObject({ code: '23503' })
  })

  it('ends at its own deadline, and not at the one of all', async () => {
    const startedAtMs = performance.now()
    const action = scoped.transactionAction(() => new Promise(() => {}), { timeoutMs: 200 })
    await expect(action()).rejects.toBeInstanceOf(DeadlineError)
    expect(performance.now() - startedAtMs).toBeLessThan(2_000)
  })

  it.each([
    [201, ['x']],
    [422, ['x']],
    [503, []],
  ])('of a route that answers with %i has left %j', async (status, left) => {
    const post = scoped.transactionRoute(async (tx, request: Request) => {
      await tx.query(INSERT_NOTE, [await request.text()])
      return new Response(null, { status })
    })
    const response = await post(new Request('http://host/', { method: 'POST', body: 'x' }), {})
    expect(response.status).toBe(status)
    expect(await bodies()).toEqual(left)
  })

  it('of a route is rolled back where nobody waits any more', async () => {
    const gone = new AbortController()
    const post = scoped.transactionRoute(async (tx) => {
      await tx.query(INSERT_NOTE, ['lost'])
      gone.abort()
      return new Response('done')
    })
    const request = new Request('http://host/', { method: 'POST', signal: gone.signal })
    await expect(post(request, {})).rejects.toThrow()
    expect(await bodies()).toEqual([])
  })
})

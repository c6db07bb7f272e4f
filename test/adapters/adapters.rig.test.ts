import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Leasehold } from '../../src/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../router/support/fleet.ts'
import { fill, TENANT_A, TENANT_B } from '../support/notes.ts'
import { type App, startExpress, startFastify, startHono } from './support/apps.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startNotesRig(1)
})
afterAll(() => rig.stop())

/** A body that is read in events of the socket, in which no scope is known by itself. */
function inParts(text: string): ReadableStream {
  return ReadableStream.from(
    (async function* parts() {
      for (const part of [text.slice(0, 5), text.slice(5)]) {
        yield new TextEncoder().encode(part)
        await sleep(20)
      }
    })(),
  )
}

describe.each([
  ['Fastify', startFastify],
  ['Express', startExpress],
  ['Hono', startHono],
])('requests of %s', (_name, start) => {
  let db: Leasehold
  let app: App
  let admin: pg.Client

  beforeAll(async () => {
    ;({ db } = openFleet(rig))
    app = await start(db)
    admin = new pg.Client({ connectionString: rig.primary.adminUrl() })
    await admin.connect()
  })
  afterAll(async () => {
    await app?.close()
    await db.close({ drainMs: 1_000 })
    await admin?.end()
  })
  beforeEach(() => fill(rig.primary.adminUrl(), 'truncate notes, children, parents cascade'))

  const send = (path: string, user: string | undefined, init: RequestInit = {}) =>
    fetch(app.url + path, { ...init, headers: { ...init.headers, ...(user && { authorization: user }) } })
  const post = (path: string, user = 'anna', init: RequestInit = {}) =>
    send(path, user, { method: 'POST', ...init })
  const bodies = async () =>
    (await admin.query<{ body: string }>('select body from notes order by id')).rows.map(({ body }) => body)

  it('read from a replica, and a client that carries its cookie reads what it wrote', async () => {
    const written = await post('/notes', 'anna', {
      headers: { 'content-type': 'application/json', 'x-http-method-override': 'GET' },
      body: inParts(JSON.stringify({ body: 'x' })),
      duplex: 'half',
    })
    expect(await written.json()).toMatchObject({ route: { target: 'primary', reason: 'write' } })
    const cookies = written.headers.getSetCookie()
    expect(cookies.map((cookie) => cookie.split('=')[0]).toSorted()).toEqual(['__Host-leasehold', 'own'])
    const cookie = cookies.map((text) => text.split(';')[0]).join('; ')
    const read = await send('/notes', 'anna', { headers: { cookie } })
    expect(await read.json()).toEqual({ notes: 1, standby: true })
    expect(await (await send('/notes', 'bert', { headers: { cookie } })).json()).toMatchObject({ notes: 0 })
  })

  it('are refused a write in a GET, with the pattern of the route and never the path', async () => {
    const response = await send('/write/17', 'anna')
    expect(response.status).toBe(500)
    const { error, message } = (await response.json()) as { error: string; message: string }
    expect(error).toBe('WriteInReadError')
    expect(message).toContain('GET /write/:id')
    expect(message).not.toMatch(/17|secret/)
  })

  it('have no scope without an identity, and are refused with a bad one', async () => {
    expect(await (await send('/notes', undefined)).json()).toMatchObject({ error: 'ScopeRequiredError' })
    const bad = await send('/notes', 'nobody')
    expect(bad.status).toBe(400)
    expect(await bad.json()).toMatchObject({ error: 'TenantInvalidError' })
  })

  it.each([
    ['an answer', '/notes', 'anna', 'private, no-store'],
    ['an error', '/write/1', 'anna', 'private, no-store'],
    ['a path without a route', '/none', 'anna', 'private, no-store'],
    ['what says itself who may keep it', '/kept', 'anna', 'private, max-age=60'],
    ['what is for nobody', '/kept', undefined, 'private, max-age=60'],
  ])('say to caches of %s that it is nobody else’s', async (_what, path, user, said) => {
    expect((await send(path, user)).headers.get('cache-control')).toBe(said)
  })

  it('say nothing to caches for what has no tenant, and do of an answer that a commit has refused', async () => {
    expect((await send('/notes', undefined)).headers.get('cache-control')).toBeNull()
    const refused = await post('/tx/refused-at-commit')
    expect(refused.status).toBe(500)
    expect(refused.headers.get('cache-control')).toBe('private, no-store')
  })

  it('take no connection for OPTIONS', async () => {
    const before = db.pool().acquired
    const response = await send('/notes', 'anna', { method: 'OPTIONS' })
    expect(response.status).toBe(200)
    expect(db.pool().acquired).toBe(before)
  })

  it('commit before the response is sent, with what joined them', async () => {
    const response = await post('/tx')
    expect(response.status).toBe(201)
    expect(await bodies()).toEqual(['one', 'two'])
    expect(response.headers.getSetCookie().some((cookie) => cookie.startsWith('__Host-leasehold='))).toBe(
      true,
    )
  })

  it.each([
    ['throws', '/tx/throws', 418, { message: 'thrown by the handler' }],
    ['answers with an error of its own', '/tx/fails', 502, { ok: false }],
    ['cannot be committed', '/tx/refused-at-commit', 500, { error: expect.any(String) }],
  ])('roll back what %s', async (_what, path, status, body) => {
    const response = await post(path)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject(body)
    expect(await bodies()).toEqual([])
  })

  it('roll back what nobody waits for any more', async () => {
    const gone = new AbortController()
    const request = post('/tx/slow', 'anna', { signal: gone.signal }).catch(() => 'gone')
    const running = async () =>
      (
        await admin.query(
          `select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`,
        )
      ).rowCount
    await expect.poll(running, { timeout: 5_000 }).toBe(1)
    gone.abort()
    expect(await request).toBe('gone')
    await expect.poll(running, { timeout: 1_500, interval: 20 }).toBe(0)
    expect(await bodies()).toEqual([])
  })

  it('of two tenants at once each see their own rows', async () => {
    await admin.query('insert into notes (tenant_id, body) values ($1, $3), ($2, $3), ($2, $3)', [
      TENANT_A,
      TENANT_B,
      'x',
    ])
    await sleep(50)
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const user = n % 2 ? 'anna' : 'bert'
        const { notes } = (await (await send('/notes', user)).json()) as { notes: number }
        return `${user} ${notes}`
      }),
    )
    expect([...new Set(seen)].toSorted()).toEqual(['anna 1', 'bert 2'])
  })
})

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leasehold, statusOf, tenantTransaction } from '../../src/adapters/express/index.ts'
import type { Leasehold } from '../../src/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../router/support/fleet.ts'
import { fill, TENANT_A } from '../support/notes.ts'
import { COMMITTED, ROLLED_BACK, write } from './support/express-answers.ts'
import { COMMITS_SLOWLY, INSERT_NOTE, SLOW_COMMIT } from './support/slow-commit.ts'

const identify = ({ headers }: Request) =>
  headers.authorization === undefined ? undefined : { tenant: TENANT_A, subject: headers.authorization }

describe('a request of Express', () => {
  let rig: Rig
  let db: Leasehold
  let admin: pg.Client
  let server: Server

  beforeAll(async () => {
    rig = await startNotesRig(1)
    await fill(rig.primary.adminUrl(), SLOW_COMMIT)
    ;({ db } = openFleet(rig, { rest: { timeoutMs: 3_000 } }))
    admin = new pg.Client({ connectionString: rig.primary.adminUrl() })
    await admin.connect()
  })
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await admin.end()
    await rig.stop()
  })
  beforeEach(() => fill(rig.primary.adminUrl(), 'truncate notes, children, parents, slow_commits cascade'))
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })

  const start = async (add: (app: Express) => void) => {
    const app = express()
    app.use((_request, response, next) => {
      response.setHeader('x-before', 'kept')
      next()
    })
    app.use(leasehold(db, { identify, tokens: 'cookie' }))
    add(app)
    app.use((error: Error, _request: Request, response: Response, next: NextFunction) => {
      if (response.headersSent) return next(error)
      const { status = response.statusCode < 400 ? 500 : response.statusCode } = statusOf(error) ?? {}
      response.status(status).json({ error: error.name, message: error.message })
    })
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const call = async (url: string, init: RequestInit = {}) => {
    const signal = init.signal ?? AbortSignal.timeout(5_000)
    const headers = { authorization: 'anna', ...init.headers }
    const response = await fetch(url, { method: 'POST', ...init, signal, headers })
    return { response, status: response.status, body: await response.text() }
  }
  const notes = async () => (await admin.query('select from notes')).rowCount
  const ownCookies = (response: globalThis.Response) =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split('=')[0])
      .toSorted()

  it.each(COMMITTED)('commits what a handler does that %s', async (_how, status, body, handler) => {
    const url = await start((app) => app.post('/', tenantTransaction(db, handler)))
    expect(await call(url)).toMatchObject({ status, body })
    expect(await notes()).toBe(1)
    expect(await call(url)).toMatchObject({ status, body })
  })

  it.each(ROLLED_BACK)('rolls back what a handler does that %s', async (_how, status, body, handler) => {
    const url = await start((app) => app.post('/', tenantTransaction(db, handler)))
    const startedAt = performance.now()
    const answer = await call(url)
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(body)
    if (status !== 504) expect(performance.now() - startedAt).toBeLessThan(2_500)
    expect(await notes()).toBe(0)
  })

  it('is rolled back where its client had gone before the handler began', async () => {
    const answered = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    const url = await start((app) =>
      app.post(
        '/',
        async (request, _response, next) => {
          arrived.resolve()
          await once(request.socket, 'close')
          next()
        },
        tenantTransaction(db, async (tx, _request, response) => {
          await write(tx)
          response.send('done')
          answered.resolve()
        }),
      ),
    )
    const gone = new AbortController()
    const request = call(url, { signal: gone.signal }).catch(() => 'gone')
    await arrived.promise
    gone.abort()
    expect(await request).toBe('gone')
    await answered.promise
    await expect.poll(() => db.pool().idle === db.pool().total, { timeout: 3_000 }).toBe(true)
    expect(await notes()).toBe(0)
  })

  it('looks sent to a handler that has answered', async () => {
    const seen: boolean[] = []
    const handle = tenantTransaction(db, async (tx, _request, response) => {
      await write(tx)
      seen.push(response.headersSent)
      response.send('done')
      seen.push(response.headersSent)
    })
    const url = await start((app) => app.post('/', handle))
    expect(await call(url)).toMatchObject({ status: 200, body: 'done' })
    expect(seen).toEqual([false, true])
  })

  it('has a time of its own for a handler, whose late answer goes nowhere', async () => {
    let late: unknown
    const url = await start((app) =>
      app.post(
        '/',
        tenantTransaction(
          db,
          async (tx, _request, response) => {
            await write(tx)
            await sleep(300)
            try {
              response.send('done')
            } catch (error) {
              late = error
            }
          },
          { timeoutMs: 150 },
        ),
      ),
    )
    expect(await call(url)).toMatchObject({ status: 504 })
    await expect.poll(() => late).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' })
    expect(await notes()).toBe(0)
  })

  it('gives no part of an answer whose commit failed', async () => {
    const handle = tenantTransaction(db, async (tx, _request, response) => {
      await tx.query('insert into children values (1)')
      response.status(404).location('/notes/17').cookie('own', '1').json({ done: true })
    })
    const url = await start((app) => app.post('/', handle))
    const { response, body } = await call(url)
    expect(response.status).toBe(500)
    expect(body).not.toContain('done')
    expect(response.headers.get('location')).toBeNull()
    expect(ownCookies(response)).not.toContain('own')
    expect(response.headers.get('x-before')).toBe('kept')
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(body)))
  })

  it('has been committed when the first byte of a stream leaves, all of which arrives', async () => {
    const body = async function* () {
      for (let n = 0; n < 40; n++) {
        const { rows } = await db.current().query(`select repeat('x', 100000) as text`)
        yield rows[0]?.text
      }
    }
    let firstAtMs = 0
    const url = await start((app) =>
      app.post(
        '/',
        tenantTransaction(db, async (tx, _request, response) => {
          await tx.query(COMMITS_SLOWLY)
          firstAtMs = performance.now()
          Readable.from(body()).pipe(response)
        }),
      ),
    )
    const response = await fetch(url, { method: 'POST', headers: { authorization: 'anna' } })
    expect(performance.now() - firstAtMs).toBeGreaterThan(380)
    expect((await admin.query('select from slow_commits')).rowCount).toBe(1)
    expect((await response.text()).length).toBe(4_000_000)
  })

  it('is not undone by a client that goes away while it commits', async () => {
    const handle = tenantTransaction(db, async (tx, _request, response) => {
      await write(tx)
      await tx.query(COMMITS_SLOWLY)
      response.send('done')
    })
    const url = await start((app) => app.post('/', handle))
    const gone = new AbortController()
    const request = call(url, { signal: gone.signal }).catch(() => 'gone')
    const committing = async () =>
      (await admin.query(`select from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'`))
        .rowCount
    await expect.poll(committing, { timeout: 3_000, interval: 5 }).toBe(1)
    const { total } = db.pool()
    gone.abort()
    expect(await request).toBe('gone')
    await expect.poll(notes, { timeout: 3_000 }).toBe(1)
    expect(db.pool().total).toBe(total)
  })

  it.each<[how: string, answer: (response: Response) => void]>([
    ['set before', (response) => response.cookie('own', '1').send('done')],
    ['set in the head', (response) => response.writeHead(200, { 'Set-Cookie': 'own=1' }).end('done')],
    [
      'set in the head with words',
      (response) => response.writeHead(200, 'Fine', { 'set-cookie': ['own=1'] }).end(),
    ],
    [
      'set in a head of names and values',
      (response) => response.writeHead(200, ['Set-Cookie', 'own=1']).end(),
    ],
  ])('sends its token beside a cookie that is %s', async (_how, answer) => {
    const url = await start((app) =>
      app.post('/', async (_request, response) => {
        await db.current().query(INSERT_NOTE, ['x'])
        answer(response)
      }),
    )
    const { response, status } = await call(url)
    expect(status).toBe(200)
    expect(ownCookies(response)).toEqual(['__Host-leasehold', 'own'])
  })

  it('says of a write in a GET which request it was, however deep its router is', async () => {
    const url = await start((app) => {
      const clinic = express.Router()
      clinic.get('/notes/:id', async () => db.current().query(INSERT_NOTE, ['x']))
      clinic.get(
        '/tx/:id',
        tenantTransaction(db, async (tx) => write(tx)),
      )
      app.use('/clinics/:clinic', clinic)
      app.get('/patients/:id', async () => db.current().query(INSERT_NOTE, ['x']))
    })
    const message = async (path: string) => (await call(url + path, { method: 'GET' })).body
    expect(await message('/patients/17')).toContain('GET /patients/:id reads only')
    expect(await message('/clinics/99/notes/17')).toContain('GET …/notes/:id reads only')
    expect(await message('/clinics/99/tx/17')).toContain('GET …/tx/:id reads only')
    expect(await message('/clinics/99/notes/17')).not.toMatch(/99|17/)
  })

  it('is what its request line says, whatever middleware makes of a header', async () => {
    const url = await start((app) => {
      const router = express.Router()
      // As the package method-override does.
      router.use((request, _response, next) => {
        Object.assign(request, { originalMethod: request.method })
        request.method = String(request.headers['x-http-method-override'] ?? request.method)
        next()
      })
      router.use(leasehold(db, { identify }))
      router.get('/', async (_request, response) => {
        response.json((await db.current().query('select pg_is_in_recovery() as standby')).rows[0])
      })
      app.use('/overridden', router)
    })
    const headers = { 'x-http-method-override': 'GET' }
    expect(await call(`${url}/overridden`, { headers })).toMatchObject({
      status: 200,
      body: '{"standby":false}',
    })
    expect(await call(`${url}/overridden`, { method: 'GET' })).toMatchObject({ body: '{"standby":true}' })
  })

  it('keeps its scope while the body is read', async () => {
    const url = await start((app) => {
      app.post('/', express.json(), async (request, response) => {
        await db.current().query(INSERT_NOTE, [request.body.body])
        response.send('done')
      })
    })
    const body = JSON.stringify({ body: 'y'.repeat(90_000) })
    const headers = { 'content-type': 'application/json' }
    expect(await call(url, { body, headers })).toMatchObject({ status: 200 })
    expect(await notes()).toBe(1)
  })
})

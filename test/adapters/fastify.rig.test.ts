import { Readable } from 'node:stream'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leaseholdPlugin, statusOf, transactionOf } from '../../src/adapters/fastify/index.ts'
import type { Leasehold } from '../../src/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../router/support/fleet.ts'
import { fill, TENANT_A } from '../support/notes.ts'
import { COMMITTED, ROLLED_BACK, transaction, write } from './support/fastify-answers.ts'
import { COMMITS_SLOWLY, SLOW_COMMIT } from './support/slow-commit.ts'

const identify = ({ headers }: FastifyRequest) =>
  headers.authorization === undefined ? undefined : { tenant: TENANT_A, subject: headers.authorization }

describe('a transaction of a request of Fastify', () => {
  let rig: Rig
  let db: Leasehold
  let admin: pg.Client
  let app: FastifyInstance

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
  beforeEach(async () => {
    await fill(rig.primary.adminUrl(), 'truncate notes, children, parents, slow_commits cascade')
  })

  let errors: Error[] = []
  const start = async (add: (app: FastifyInstance) => void, options = {}) => {
    app = fastify()
    errors = []
    app.setErrorHandler((error: Error, _request, reply) => {
      errors.push(error)
      const { status = reply.statusCode >= 400 ? reply.statusCode : 500 } = statusOf(error) ?? {}
      return reply.code(status).send({ error: error.name, message: error.message })
    })
    await app.register(leaseholdPlugin<unknown>, { db, identify, tokens: 'cookie', ...options })
    add(app)
    return app.listen({ host: '127.0.0.1', port: 0 })
  }
  const call = async (url: string, init: RequestInit = {}) => {
    const signal = init.signal ?? AbortSignal.timeout(5_000)
    const response = await fetch(url, {
      method: 'POST',
      ...init,
      signal,
      headers: { authorization: 'anna', ...init.headers },
    })
    return { response, status: response.status, body: await response.text() }
  }
  const notes = async () => (await admin.query('select from notes')).rowCount

  it.each(COMMITTED)('commits what a handler does that %s', async (_how, status, body, add) => {
    const url = await start(add)
    expect(await call(url, { redirect: 'manual' })).toMatchObject({ status, body })
    expect(await notes()).toBe(1)
    await app.close()
    expect(errors).toEqual([])
  })

  it.each(ROLLED_BACK)('rolls back what a handler does that %s', async (_how, status, body, add) => {
    const url = await start(add)
    const startedAt = performance.now()
    const answer = await call(url)
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(body)
    if (status !== 504) expect(performance.now() - startedAt).toBeLessThan(2_500)
    expect(await notes()).toBe(0)
    await app.close()
  })

  it('gives no part of an answer whose commit failed', async () => {
    const url = await start((to) => {
      to.addHook('onRequest', async (_request, reply) => {
        reply.header('x-before', 'kept')
      })
      to.post('/', transaction, async (request, reply) => {
        await transactionOf(request).query('insert into children values (1)')
        return reply.code(404).header('location', '/notes/17').header('set-cookie', 'own=1').send('done')
      })
    })
    const { response, body } = await call(url)
    expect(response.status).toBe(500)
    expect(body).not.toContain('done')
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.getSetCookie().filter((cookie) => cookie.startsWith('own='))).toEqual([])
    expect(response.headers.get('x-before')).toBe('kept')
    await app.close()
  })

  it('has been committed when the first byte of a stream leaves, which can read but not from it', async () => {
    const body = async function* (request: FastifyRequest) {
      expect((await admin.query('select from slow_commits')).rowCount).toBe(1)
      for (let n = 0; n < 40; n++) {
        const { rows } = await db.current().query(`select repeat('x', 100000) as text from slow_commits`)
        yield rows[0]?.text ?? 'nothing'
      }
      yield await transactionOf(request)
        .query('select 1')
        .catch((error: Error) => error.name)
    }
    const url = await start((to) =>
      to.post('/', transaction, async (request) => {
        await transactionOf(request).query(COMMITS_SLOWLY)
        return Readable.from(body(request))
      }),
    )
    const { status, body: text } = await call(url)
    expect(status).toBe(200)
    expect(text.length).toBe(40 * 100_000 + 'ClosedError'.length)
    expect(text.endsWith('ClosedError')).toBe(true)
    await app.close()
  })

  it('is not undone by a client that goes away while it commits', async () => {
    const url = await start((to) =>
      to.post('/', transaction, async (request) => {
        await write(request)
        await transactionOf(request).query(COMMITS_SLOWLY)
        return 'done'
      }),
    )
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
    await app.close()
  })

  it('reads only in a GET, and says of a write which request it was', async () => {
    const url = await start(
      (to) => {
        to.get('/patients/:id', async (request) => {
          await write(request)
        })
        to.options('/patients/:id', async (request) => {
          expect(() => transactionOf(request)).toThrow('outside a transaction')
          return 'fine'
        })
      },
      { transaction: 'all' },
    )
    const { status, body } = await call(`${url}/patients/17`, { method: 'GET' })
    expect(status).toBe(500)
    expect(body).toContain('GET /patients/:id reads only')
    expect(body).not.toContain('17')
    expect(await call(`${url}/patients/17`, { method: 'OPTIONS' })).toMatchObject({
      status: 200,
      body: 'fine',
    })
    expect(await call(`${url}/patients/17`, { method: 'HEAD' })).toMatchObject({ status: 500 })
    await app.close()
  })

  it('is not left out of a route that was added too early, and a path without a route has its token', async () => {
    app = fastify()
    app.register(leaseholdPlugin<unknown>, { db, identify, tokens: 'cookie' })
    app.post('/', transaction, async () => 'done')
    app.post('/without', async () => (await db.current().query('select from notes')).rows.length)
    app.setNotFoundHandler(async (_request, reply) => {
      await db.current().query('select from notes')
      return reply.code(404).send('nothing here')
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const early = await call(url)
    expect(early.status).toBe(500)
    expect(early.body).toContain('before leaseholdPlugin was there')
    const token = ({ response }: { response: Response }) => response.headers.getSetCookie()[0]?.split('=')[0]
    for (const [path, status] of [
      ['/without', 200],
      ['/elsewhere', 404],
    ] as const) {
      const answer = await call(url + path)
      expect([answer.status, token(answer)]).toEqual([status, '__Host-leasehold'])
    }
    await app.close()
  })

  it('is that of the routes that ask for it, and of those that write by default', async () => {
    const has = (request: FastifyRequest) => {
      try {
        return transactionOf(request) !== undefined
      } catch {
        return false
      }
    }
    const url = await start(
      (to) => {
        to.get('/', async (request) => ({ has: has(request) }))
        to.post('/', async (request) => ({ has: has(request) }))
        to.post('/without', { config: { leasehold: { transaction: false } } }, async (request) => ({
          has: has(request),
        }))
        to.get('/with', transaction, async (request) => ({ has: has(request) }))
      },
      { transaction: 'writes' },
    )
    const found = async (path: string, method: string) => (await call(url + path, { method })).body
    expect(await found('/', 'GET')).toBe('{"has":false}')
    expect(await found('/', 'POST')).toBe('{"has":true}')
    expect(await found('/without', 'POST')).toBe('{"has":false}')
    expect(await found('/with', 'GET')).toBe('{"has":true}')
    const anonymous = await fetch(`${url}/with`)
    expect(await anonymous.json()).toMatchObject({ error: 'ScopeRequiredError' })
    await app.close()
  })

  it('logs of a handler that fails behind its answer what happened, and no value of a row', async () => {
    const lines: string[] = []
    const logged = fastify({ logger: { level: 'error', stream: { write: (line) => void lines.push(line) } } })
    await logged.register(leaseholdPlugin<unknown>, { db, identify })
    logged.post('/', { config: { leasehold: { transaction: true } } }, async (request, reply) => {
      await transactionOf(request).query('select 1')
      await reply.send('done')
      const values = { detail: 'Failing row contains (secret).', parameters: ['secret'] }
      throw Object.assign(new Error('secret is refused'), { code: '23514', ...values })
    })
    const { status } = await call(await logged.listen({ host: '127.0.0.1', port: 0 }))
    await logged.close()
    expect(status).toBe(200)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('23514')
    expect(lines[0]).not.toContain('secret')
  })

  it('knows users that a hook of the route has verified, and is there in all that comes after', async () => {
    const seen: string[] = []
    const look = (where: string) => async () => {
      seen.push(`${where} ${(await db.current().query('select from notes')).rows.length}`)
    }
    const url = await start(
      (to) => {
        to.addHook('preHandler', look('preHandler'))
        to.addHook('onResponse', look('onResponse'))
        to.addHook('onSend', look('onSend'))
        to.addHook('onError', look('onError'))
        to.post(
          '/',
          {
            preValidation: async (request) => {
              Object.assign(request, { user: 'anna' })
            },
          },
          async (request) => {
            await look('handler')()
            if ((request.body as { fail?: boolean }).fail) throw new Error('failed')
            return 'done'
          },
        )
      },
      {
        identify: (request: FastifyRequest & { user?: string }) => request.user && { tenant: TENANT_A },
      },
    )
    const json = (value: unknown) => ({
      body: JSON.stringify(value),
      headers: { 'content-type': 'application/json' },
    })
    expect((await call(url, json({}))).status).toBe(200)
    await expect.poll(() => seen).toEqual(['preHandler 0', 'handler 0', 'onSend 0', 'onResponse 0'])
    seen.length = 0
    expect((await call(url, json({ fail: true }))).status).toBe(500)
    await expect
      .poll(() => seen)
      .toEqual(['preHandler 0', 'handler 0', 'onError 0', 'onSend 0', 'onResponse 0'])
    await app.close()
  })
})

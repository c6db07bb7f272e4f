import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  leasehold,
  statusOf,
  type TransactionHandler,
  tenantTransaction,
} from '../../src/adapters/hono/index.ts'
import type { Leasehold } from '../../src/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../router/support/fleet.ts'
import { fill, TENANT_A } from '../support/notes.ts'
import { COMMITS_SLOWLY, INSERT_NOTE, SLOW_COMMIT } from './support/slow-commit.ts'

type Answering = readonly [how: string, status: number, body: string, handler: TransactionHandler<unknown>]

const ROLLED_BACK: readonly Answering[] = [
  [
    'throws an exception of Hono',
    418,
    'a teapot',
    async (tx) => {
      await tx.query(INSERT_NOTE, ['x'])
      throw new HTTPException(418, { message: 'a teapot' })
    },
  ],
  [
    'answers with 503',
    503,
    'no',
    async (tx, context) => {
      await tx.query(INSERT_NOTE, ['x'])
      return context.text('no', 503)
    },
  ],
  [
    'leaves a query running',
    500,
    'FloatingQueryError',
    async (tx, context) => {
      await tx.query(INSERT_NOTE, ['x'])
      tx.query('select pg_sleep(0.2)').catch(() => {})
      return context.text('done')
    },
  ],
  [
    'swallows the error of a statement',
    500,
    'TransactionAbortedError',
    async (tx, context) => {
      await tx.query(INSERT_NOTE, ['x'])
      await tx.query('select 1 / 0').catch(() => {})
      return context.text('done')
    },
  ],
  [
    'never answers',
    504,
    'DeadlineError',
    async (tx) => {
      await tx.query(INSERT_NOTE, ['x'])
      return new Promise(() => {})
    },
  ],
]

describe('a request of Hono', () => {
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

  const start = async (add: (app: Hono) => void) => {
    const app = new Hono()
    app.use(async (context, next) => {
      context.header('x-before', 'kept')
      await next()
    })
    app.use(
      leasehold(db, {
        identify: ({ req }) => ({ tenant: TENANT_A, subject: req.header('authorization') ?? '' }),
        tokens: 'header',
      }),
    )
    add(app)
    app.onError((error, context) => {
      const own = error instanceof HTTPException ? error.status : 500
      return context.json(
        { error: error.name, message: error.message },
        (statusOf(error)?.status ?? own) as 500,
      )
    })
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const post = async (url: string) => {
    const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(6_000) })
    return { response, status: response.status, body: await response.text() }
  }
  const notes = async () => (await admin.query('select from notes')).rowCount

  it.each(ROLLED_BACK)('rolls back what a handler does that %s', async (_how, status, body, handler) => {
    const url = await start((app) => app.post('/', tenantTransaction(db, handler)))
    const answer = await post(url)
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(body)
    expect(await notes()).toBe(0)
  })

  it('gives no part of an answer whose commit failed', async () => {
    const url = await start((app) =>
      app.post(
        '/',
        tenantTransaction(db, async (tx, context) => {
          await tx.query('insert into children values (1)')
          context.header('location', '/notes/17')
          context.header('set-cookie', 'own=1')
          return context.json({ done: true }, 201)
        }),
      ),
    )
    const { response, status, body } = await post(url)
    expect(status).toBe(500)
    expect(body).not.toContain('done')
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.getSetCookie()).toEqual([])
    expect(response.headers.get('x-before')).toBe('kept')
  })

  it('has been committed when the first byte of a stream leaves, whose token goes with it', async () => {
    const url = await start((app) =>
      app.post(
        '/',
        tenantTransaction(db, async (tx, context) => {
          await tx.query(COMMITS_SLOWLY)
          const parts = async function* () {
            for (let n = 0; n < 20; n += 1) yield new Uint8Array(50_000)
          }
          return context.body(ReadableStream.from(parts()))
        }),
      ),
    )
    const response = await fetch(url, { method: 'POST', headers: { authorization: 'anna' } })
    expect((await admin.query('select from slow_commits')).rowCount).toBe(1)
    expect(response.headers.get('x-db-token')).toEqual(expect.any(String))
    expect((await response.arrayBuffer()).byteLength).toBe(1_000_000)
  })

  it('is refused a transaction where nobody said for whom', async () => {
    const app = new Hono()
    app.onError((error, context) => context.text(error.name, 500))
    app.post(
      '/',
      tenantTransaction(db, async (_tx, context) => context.text('never')),
    )
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server
    await once(server, 'listening')
    const { body } = await post(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect(body).toBe('ScopeRequiredError')
  })
})

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { leasehold, statusOf, tenantTransaction } from '../../../src/adapters/express/index.ts'
import { leaseholdPlugin, transactionOf } from '../../../src/adapters/fastify/index.ts'
import {
  leasehold as leaseholdOfHono,
  tenantTransaction as tenantTransactionOfHono,
} from '../../../src/adapters/hono/index.ts'
import type { Leasehold, TenantTransaction } from '../../../src/index.ts'
import { TENANT_A, TENANT_B } from '../../support/notes.ts'

/** A web application that listens. */
export interface App {
  readonly url: string
  close(): Promise<void>
}

/** What the application does in the transaction of a request; the frameworks differ in nothing but how it is called. */
export interface Work {
  readonly tx: TenantTransaction
  readonly db: Leasehold
  status(code: number): void
}

/** The application's own authentication: it knows its users by what they send. */
const USERS: Readonly<Record<string, { tenant: unknown; subject: string }>> = {
  anna: { tenant: TENANT_A, subject: 'anna' },
  bert: { tenant: TENANT_B, subject: 'bert' },
  nobody: { tenant: 'no id', subject: 'nobody' },
}
const identify = ({ headers }: { headers: { authorization?: string | undefined } }) =>
  USERS[headers.authorization ?? '']

const INSERT = 'insert into notes (body) values ($1)'
const READ = 'select count(*)::int as notes, pg_is_in_recovery() as standby from notes'

/** Handlers in a transaction, by their path. */
export const TRANSACTIONS: Readonly<Record<string, (work: Work) => Promise<unknown>>> = {
  '/tx': async ({ tx, db, status }) => {
    await tx.query(INSERT, ['one'])
    await db.withTenant(TENANT_A, (inner) => inner.query(INSERT, ['two']))
    status(201)
    return { ok: true }
  },
  '/tx/throws': async ({ tx }) => {
    await tx.query(INSERT, ['lost'])
    throw Object.assign(new Error('thrown by the handler'), { status: 418, statusCode: 418 })
  },
  '/tx/fails': async ({ tx, status }) => {
    await tx.query(INSERT, ['lost'])
    status(502)
    return { ok: false }
  },
  '/tx/refused-at-commit': async ({ tx, status }) => {
    await tx.query(INSERT, ['lost'])
    await tx.query('insert into children values (1)')
    status(201)
    return { ok: true }
  },
  '/tx/slow': async ({ tx }) => {
    await tx.query(INSERT, ['lost'])
    await tx.query('select pg_sleep(2)')
    return { ok: true }
  },
  '/tx/slower': async ({ tx }) => {
    await tx.query(INSERT, ['lost too'])
    await tx.query('select pg_sleep(0.7)')
    return { ok: true }
  },
}

export async function startFastify(db: Leasehold): Promise<App> {
  const app = fastify()
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const found = statusOf(error)
    if (found?.retryAfter) reply.header('retry-after', found.retryAfter)
    return reply
      .code(found?.status ?? error.statusCode ?? 500)
      .send({ error: error.name, message: error.message })
  })
  await app.register(leaseholdPlugin<unknown>, { db, identify, tokens: 'cookie' })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('set-cookie', 'own=1')
  })
  app.get('/notes', async () => (await db.current().query(READ)).rows[0])
  app.get('/kept', async (_request, reply) => reply.header('cache-control', 'private, max-age=60').send('x'))
  app.get('/write/:id', async () => db.current().query(INSERT, ['secret']))
  app.post('/notes', async (request) => {
    const { body } = request.body as { body: string }
    const { route } = await db.current().query(INSERT, [body])
    return { route }
  })
  app.route({ method: ['OPTIONS', 'TRACE'].slice(0, 1), url: '/notes', handler: async () => 'fine' })
  for (const [path, work] of Object.entries(TRANSACTIONS)) {
    app.post(path, { config: { leasehold: { transaction: true } } as object }, (request, reply) =>
      work({ tx: transactionOf(request), db, status: (code) => reply.code(code) }),
    )
  }
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close() }
}

export async function startExpress(db: Leasehold): Promise<App> {
  const app = express()
  const scoped = leasehold(db, { identify, tokens: 'cookie' })
  app.use((_request, response, next) => {
    response.cookie('own', '1')
    next()
  })
  app.get('/notes', scoped, async (_request, response) => {
    response.json((await db.current().query(READ)).rows[0])
  })
  app.get('/kept', scoped, (_request, response) => {
    response.setHeader('cache-control', 'private, max-age=60').send('x')
  })
  app.get('/none', scoped)
  app.get('/write/:id', scoped, async () => db.current().query(INSERT, ['secret']))
  app.post('/notes', scoped, express.json(), async (request, response) => {
    const { route } = await db.current().query(INSERT, [request.body.body])
    response.json({ route })
  })
  app.options('/notes', scoped, (_request, response) => {
    response.send('fine')
  })
  for (const [path, work] of Object.entries(TRANSACTIONS)) {
    const handle = tenantTransaction(db, async (tx, _request, response) => {
      response.json(await work({ tx, db, status: (code) => response.status(code) }))
    })
    app.post(path, scoped, handle)
  }
  app.use(
    (
      error: Error & { status?: number },
      _request: express.Request,
      response: express.Response,
      _next: express.NextFunction,
    ) => {
      const found = statusOf(error)
      if (found?.retryAfter) response.setHeader('retry-after', found.retryAfter)
      response
        .status(found?.status ?? error.status ?? 500)
        .json({ error: error.name, message: error.message })
    },
  )
  const server: Server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export async function startHono(db: Leasehold): Promise<App> {
  const app = new Hono()
  app.onError((error: Error & { status?: number }, context) => {
    const found = statusOf(error)
    if (found?.retryAfter) context.header('retry-after', String(found.retryAfter))
    const status = (found?.status ?? error.status ?? 500) as ContentfulStatusCode
    return context.json({ error: error.name, message: error.message }, status)
  })
  app.use(async (context, next) => {
    await next()
    context.header('set-cookie', 'own=1', { append: true })
  })
  const scoped = leaseholdOfHono(db, {
    identify: ({ req }) => identify({ headers: req.header() }),
    tokens: 'cookie',
  })
  app.use(scoped)
  app.get('/notes', async (context) => context.json((await db.current().query(READ)).rows[0] ?? null))
  app.get('/kept', async (context) => context.text('x', 200, { 'cache-control': 'private, max-age=60' }))
  app.get('/write/:id', async (context) => context.json(await db.current().query(INSERT, ['secret'])))
  app.post('/notes', async (context) => {
    const { body } = await context.req.json<{ body: string }>()
    const { route } = await db.current().query(INSERT, [body])
    return context.json({ route })
  })
  app.options('/notes', (context) => context.text('fine'))
  for (const [path, work] of Object.entries(TRANSACTIONS)) {
    app.post(
      path,
      tenantTransactionOfHono(db, async (tx, context) =>
        context.json(
          (await work({ tx, db, status: (code) => context.status(code as ContentfulStatusCode) })) as object,
        ),
      ),
    )
  }
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

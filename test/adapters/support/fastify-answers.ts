import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { transactionOf } from '../../../src/adapters/fastify/index.ts'
import { INSERT_NOTE } from './slow-commit.ts'

/** A route with a handler that answers in some way, and what is to come of it. */
export type Answering = readonly [
  how: string,
  status: number,
  body: string,
  add: (app: FastifyInstance) => void,
]

export const transaction: { config: { leasehold: { transaction: boolean } } } = {
  config: { leasehold: { transaction: true } },
}

export const write = (request: FastifyRequest): Promise<unknown> =>
  transactionOf(request).query(INSERT_NOTE, ['x'])

/** Ways to answer that commit. */
export const COMMITTED: readonly Answering[] = [
  [
    'returns the reply that it sent',
    201,
    'done',
    (to) =>
      to.post('/', transaction, async (request, reply) => {
        await write(request)
        return reply.code(201).send('done')
      }),
  ],
  [
    'sends, and returns nothing',
    201,
    'done',
    (to) =>
      to.post('/', transaction, async (request, reply) => {
        await write(request)
        reply.code(201).send('done')
      }),
  ],
  [
    'is no promise, and sends later',
    201,
    'done',
    (to) =>
      to.post('/', transaction, (request, reply) => {
        write(request).then(
          () => reply.code(201).send('done'),
          (error) => reply.send(error),
        )
      }),
  ],
  [
    'returns the reply at once, and sends later',
    201,
    'done',
    (to) =>
      to.post('/', transaction, (request, reply) => {
        write(request).then(
          () => reply.code(201).send('done'),
          (error) => reply.send(error),
        )
        return reply
      }),
  ],
  [
    'returns nothing at all',
    200,
    '',
    (to) =>
      to.post('/', transaction, async (request) => {
        await write(request)
      }),
  ],
  [
    'sends while a hook takes its time',
    201,
    'done, late',
    (to) => {
      to.addHook('onSend', async (_request, _reply, payload) => {
        await sleep(50)
        return `${payload}, late`
      })
      to.post('/', transaction, async (request, reply) => {
        await write(request)
        reply.code(201).send('done')
      })
    },
  ],
  [
    'redirects',
    303,
    '',
    (to) =>
      to.post('/', transaction, async (request, reply) => {
        await write(request)
        return reply.redirect('/elsewhere', 303)
      }),
  ],
]

/** Ways to answer, or not to, that roll back. */
export const ROLLED_BACK: readonly Answering[] = [
  [
    'sends an error',
    418,
    'sent',
    (to) =>
      to.post('/', transaction, async (request, reply) => {
        await write(request)
        return reply.code(418).send(new Error('sent'))
      }),
  ],
  [
    'answers with what cannot be serialized',
    500,
    'BigInt',
    (to) =>
      to.post('/', transaction, async (request) => {
        await write(request)
        return { id: 1n }
      }),
  ],
  [
    'is followed by a hook that fails',
    500,
    'hook',
    (to) =>
      to.post(
        '/',
        {
          ...transaction,
          onSend: async (_request, reply) => {
            if (reply.statusCode < 400) throw new Error('hook')
          },
        },
        async (request) => {
          await write(request)
          return 'done'
        },
      ),
  ],
  [
    'answers with a Response that says 503',
    503,
    'no',
    (to) =>
      to.post('/', transaction, async (request) => {
        await write(request)
        return new Response('no', { status: 503 })
      }),
  ],
  [
    'throws after it has answered, and before that is sent',
    500,
    'too late',
    (to) => {
      to.addHook('onSend', async (_request, _reply, payload) => {
        await sleep(50)
        return payload
      })
      to.post('/', transaction, async (request, reply) => {
        await write(request)
        reply.send('done')
        throw new Error('too late')
      })
    },
  ],
  [
    'leaves a query running',
    500,
    'FloatingQueryError',
    (to) =>
      to.post('/', transaction, async (request) => {
        await write(request)
        transactionOf(request)
          .query('select pg_sleep(0.2)')
          .catch(() => {})
        return 'done'
      }),
  ],
  [
    'takes the response away from Fastify',
    500,
    'reply.hijack()',
    (to) =>
      to.post('/', transaction, async (request, reply) => {
        await write(request)
        reply.hijack()
        reply.raw.end('past the commit')
      }),
  ],
  [
    'never answers',
    504,
    'DeadlineError',
    (to) =>
      to.post('/', transaction, (request) => {
        void write(request)
      }),
  ],
  [
    'never answers, by the time of its route',
    504,
    '200 ms',
    (to) =>
      to.post('/', { config: { leasehold: { transaction: true, timeoutMs: 200 } } }, async (request) => {
        await write(request)
        return new Promise(() => {})
      }),
  ],
  [
    'answers as the time is up',
    504,
    'DeadlineError',
    (to) => {
      to.addHook('onSend', async (_request, reply, payload) => {
        if (reply.statusCode < 400) await sleep(300)
        return payload
      })
      to.post(
        '/',
        { config: { leasehold: { transaction: true, timeoutMs: 200 } } },
        async (request, reply) => {
          await write(request)
          return reply.send('done')
        },
      )
    },
  ],
]

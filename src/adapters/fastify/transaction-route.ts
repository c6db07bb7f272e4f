import type { FastifyReply, RouteHandlerMethod } from 'fastify'
import type { Leasehold } from '../../leasehold.ts'
import { inTransaction } from '../request-transaction.ts'
import { keepTransaction, scopeOf } from './request-state.ts'

/**
 * A handler whose work commits before anything of its answer is sent. A stream that it answers with is read after the commit: it cannot
 * read from the transaction.
 */
export function handleInTransaction<DB>(db: Leasehold<DB>, handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function handle(request, reply) {
    const scope = scopeOf(request)
    if (!scope) return handler.call(this, request, reply)
    const gone = new AbortController()
    const onClose = () => gone.abort(new Error('The client went away before its request was answered.'))
    reply.raw.once('close', onClose)
    const before = new Set(Object.keys(reply.getHeaders()))
    let payload: unknown
    try {
      await inTransaction(db, scope, gone.signal, async (tx) => {
        keepTransaction(request, tx)
        payload = await answerOf(reply, () => handler.call(this, request, reply))
        return { status: reply.statusCode }
      })
    } catch (error) {
      // They belong to an answer that is not given.
      for (const name of Object.keys(reply.getHeaders())) if (!before.has(name)) reply.removeHeader(name)
      throw error
    } finally {
      reply.raw.removeListener('close', onClose)
    }
    return reply.send(payload)
  }
}

/** What a handler answers, whether it returns it or sends it. Nothing is sent. */
async function answerOf(reply: FastifyReply, handle: () => unknown): Promise<unknown> {
  const sent = Promise.withResolvers<unknown>()
  const send = (payload?: unknown) => {
    sent.resolve(payload)
    return reply
  }
  Object.defineProperty(reply, 'send', { value: send, configurable: true })
  try {
    const returned: unknown = await handle()
    // As Fastify has it: who returns nothing, or the reply, sends later.
    return await (returned === undefined || returned === reply ? sent.promise : returned)
  } finally {
    Reflect.deleteProperty(reply, 'send')
  }
}

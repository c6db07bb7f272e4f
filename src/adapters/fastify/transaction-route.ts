import type {
  FastifyReply,
  FastifyRequest,
  onErrorHookHandler,
  onSendHookHandler,
  RouteOptions,
} from 'fastify'
import { ScopeRequiredError } from '../../errors/tenant.ts'
import { UnsupportedError } from '../../errors/unsupported.ts'
import type { Leasehold } from '../../leasehold.ts'
import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import { nodeClient } from '../client.ts'
import { describeFailure } from '../describe-failure.ts'
import { RequestTransaction } from '../request-transaction.ts'
import { type RequestState, stateOf } from './request-state.ts'

/** What a route says of its transaction: `config: { leasehold: … }`. */
export interface TransactionRouteConfig {
  /** Whether its handler runs in a transaction. @default what the plugin was told */
  readonly transaction?: boolean
  /** Milliseconds within which it is to be committed. @default the option of createLeasehold */
  readonly timeoutMs?: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route says of its transaction. */
    leasehold?: TransactionRouteConfig
  }
}

/** Which requests have a transaction where their route does not say. */
export type TransactionDefault = 'all' | 'writes' | false

/**
 * Has the handler of a route run in a transaction that is over before the response is sent. It is ended by the last of the hooks that
 * see the response, when that is serialized and its status is known, so that what fails before rolls back. A stream is read after
 * the commit: it cannot read from the transaction, and what goes wrong in it undoes nothing.
 */
export function transact(db: Leasehold, route: RouteOptions, byDefault: TransactionDefault): void {
  const { transaction, timeoutMs } = route.config?.leasehold ?? {}
  if (!(transaction ?? byDefault)) return
  const applies = (request: FastifyRequest) => {
    const intent = stateOf(request)?.scope.intent
    if (transaction && !intent) {
      throw new ScopeRequiredError(
        'A route has a transaction, and its request has no identity. Have `identify` give one, or the request refused before.',
      )
    }
    return byDefault === 'writes' && !transaction
      ? intent === 'write'
      : intent === 'read' || intent === 'write'
  }
  const { handler } = route
  route.handler = function handle(request, reply) {
    const work = () => handler.call(this, request, reply)
    const state = applies(request) && stateOf(request)
    return state ? answer(db, state, request, reply, work, timeoutMs) : work()
  }
  route.onError = [...[route.onError ?? []].flat(), rollBack]
  route.onSend = [...[route.onSend ?? []].flat(), end]
}

const rollBack: onErrorHookHandler = (request, _reply, error, done) => {
  void stateOf(request)?.transaction?.fail(error)
  done()
}

const end: onSendHookHandler = (request, reply, payload, done) => {
  const transaction = stateOf(request)?.transaction
  if (!transaction) return done()
  // A Response of Fetch brings its own, which Fastify takes later.
  const { status } = payload instanceof Response ? payload : { status: reply.statusCode }
  transaction.finish(status).then(
    () => done(),
    (error: Error) => {
      forgetAnswer(request, reply)
      done(error)
    },
  )
}

async function answer(
  db: Leasehold,
  state: RequestState,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => unknown,
  timeoutMs: number | undefined,
): Promise<unknown> {
  state.headersBefore = new Set(Object.keys(reply.getHeaders()))
  noteAnswer(state, reply)
  const client = nodeClient(request.raw, reply.raw)
  const handle = (tx: TenantTransaction) => {
    state.tx = tx
    const returned = work()
    // Who returns nothing answers later, and a reply that is awaited is one that has been sent.
    return returned === undefined ? reply : returned
  }
  const transaction = new RequestTransaction<unknown>(db, state.scope, client, handle, timeoutMs)
  state.transaction = transaction
  try {
    const returned = await Promise.race([transaction.handled, transaction.lost])
    return returned === undefined && state.isAnswered ? reply : returned
  } catch (error) {
    if (!state.isAnswered) throw await transaction.fail(error)
    // One answer is on its way, and what became of it is found out where it ends.
    if (!transaction.withdraw(error)) {
      request.log.error({ error: describeFailure(error) }, 'A handler failed that had answered.')
    }
    return reply
  }
}

/** Notes that an answer is on its way, and refuses what would send one past the commit. */
function noteAnswer(state: RequestState, reply: FastifyReply): void {
  const own = (name: 'send' | 'hijack', value: (payload?: unknown) => FastifyReply) =>
    Object.defineProperty(reply, name, { value, configurable: true })
  own('send', (payload) => {
    state.isAnswered = true
    Reflect.deleteProperty(reply, 'send')
    return reply.send(payload)
  })
  own('hijack', () => {
    throw new UnsupportedError(
      'reply.hijack() in the transaction of a request',
      'What is written to reply.raw would be sent before the commit: use reply.send(), or a route without a transaction.',
    )
  })
}

/** Takes back what belongs to an answer that is not given. */
function forgetAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const before = stateOf(request)?.headersBefore
  for (const name of Object.keys(reply.getHeaders())) if (!before?.has(name)) reply.removeHeader(name)
  reply.code(200)
}

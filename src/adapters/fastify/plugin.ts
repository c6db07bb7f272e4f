import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ConfigError } from '../../errors/config.ts'
import type { Leasehold } from '../../leasehold.ts'
import { CACHE_CONTROL, PRIVATE } from '../private-answer.ts'
import { type Identity, RequestScope } from '../request-scope.ts'
import { resolveCarrier, type TokenCarrierOption } from '../token-carrier.ts'
import { keepState, stateOf } from './request-state.ts'
import { type TransactionDefault, transact } from './transaction-route.ts'

/** Options of the plugin. */
export interface LeaseholdPluginOptions<DB = unknown> {
  readonly db: Leasehold<DB>
  /**
   * For whom the request is, once the application has verified it: asked in the hook `preHandler`, so that it may be verified in any
   * hook before, for all routes or for one; by a hook `preHandler` of the application only if that is added before the plugin is.
   * Without an identity the request has no scope, and `db.current()` throws in it. What it throws is an error of the request.
   */
  readonly identify: (request: FastifyRequest) => Identity | undefined | Promise<Identity | undefined>
  /** What carries tokens between requests of a client. @default none */
  readonly tokens?: TokenCarrierOption
  /**
   * Which handlers run in a transaction of their own, whose COMMIT is answered before the response is sent. A route says for itself with
   * `config: { leasehold: { transaction: true } }`. @default false
   */
  readonly transaction?: TransactionDefault
}

/**
 * Has each request run in the scope of its tenant, from the hook `preHandler` on. A Fastify plugin:
 * `app.register(leaseholdPlugin, { db, identify })`. An answer that says nothing to caches is sent with
 * `Cache-Control: private, no-store`.
 *
 * @see https://fastify.dev/docs/latest/Reference/Lifecycle/
 */
export async function leaseholdPlugin<DB>(
  app: FastifyInstance,
  { db, identify, tokens, transaction = false }: LeaseholdPluginOptions<DB>,
): Promise<void> {
  const carrier = resolveCarrier(tokens)

  // Not before: the body is read in events of the socket, which know of no scope.
  app.addHook('preHandler', (request, _reply, done) => {
    const enter = (identity: Identity | undefined) => {
      if (!isPrepared(request)) refuseUnprepared(request, transaction)
      if (!identity) return done()
      const { method, headers, routeOptions } = request
      const scope = new RequestScope(identity, { method, headers, httpRoute: routeOptions.url }, carrier)
      db.run(scope.options, () => {
        keepState(request, { scope })
        done()
      })
    }
    Promise.resolve(request).then(identify).then(enter).catch(done)
  })

  app.addHook('onRoute', (route) => {
    transact(db as Leasehold, route, transaction)
    // After all other hooks, which may still write.
    route.onSend = [...[route.onSend ?? []].flat(), finishHead]
    route.config = Object.assign({}, route.config, { [PREPARED]: true })
  })

  // What is answered where no route was found.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (isPrepared(request)) done()
    else finishHead(request, reply, payload, done)
  })
}

/** Marks routes that were added behind the plugin, which are those that it is told of. */
const PREPARED = Symbol('leasehold.prepared')

function isPrepared(request: FastifyRequest): boolean {
  return Object.hasOwn(request.routeOptions.config ?? {}, PREPARED)
}

/** @throws {ConfigError} a route would do without a transaction that it counts on */
function refuseUnprepared({ is404, routeOptions }: FastifyRequest, byDefault: TransactionDefault): void {
  const { leasehold } = routeOptions.config ?? {}
  if (is404 || !(leasehold?.transaction ?? byDefault)) return
  throw new ConfigError(
    `The route ${routeOptions.url} has transactions and was added before leaseholdPlugin was there. Await the plugin, ` +
      '`await app.register(leaseholdPlugin, …)`, before routes are added, or add them in a plugin of their own.',
  )
}

function finishHead(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: () => void): void {
  const state = stateOf(request)
  if (state) {
    const header = state.scope.takeHeader()
    // Of a cookie Fastify keeps those that are there.
    if (header) reply.header(header.name, header.value)
    if (!saysToCaches(reply, payload)) reply.header(CACHE_CONTROL, PRIVATE)
  }
  done()
}

/** A Response of Fetch brings headers of its own, which Fastify takes later. */
function saysToCaches(reply: FastifyReply, payload: unknown): boolean {
  return reply.hasHeader(CACHE_CONTROL) || (payload instanceof Response && payload.headers.has(CACHE_CONTROL))
}

// Not encapsulated: it is there for the routes of whoever registers it, and for those only.
Object.assign(leaseholdPlugin, { [Symbol.for('skip-override')]: true })

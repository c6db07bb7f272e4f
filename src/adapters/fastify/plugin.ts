import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Leasehold } from '../../leasehold.ts'
import { type Identity, RequestScope } from '../request-scope.ts'
import { resolveCarrier, type TokenCarrierOption } from '../token-carrier.ts'
import { keepScope, scopeOf } from './request-state.ts'
import { handleInTransaction } from './transaction-route.ts'

/** Options of the plugin. */
export interface LeaseholdPluginOptions<DB = unknown> {
  readonly db: Leasehold<DB>
  /**
   * For whom the request is, once the application has verified it: register the plugin behind its authentication. Without an identity
   * the request has no scope, and `db.current()` throws in it. What it throws is an error of the request.
   */
  readonly identify: (request: FastifyRequest) => Identity | undefined | Promise<Identity | undefined>
  /** What carries tokens between requests of a client. @default none */
  readonly tokens?: TokenCarrierOption
  /**
   * Which handlers run in a transaction of their own, whose COMMIT is answered before the response is sent. A route says for itself with
   * `config: { leasehold: { transaction: true } }`. @default false
   */
  readonly transaction?: 'all' | 'writes' | false
}

/**
 * Has each request run in the scope of its tenant. A Fastify plugin: `app.register(leaseholdPlugin, { db, identify })`.
 *
 * @see https://fastify.dev/docs/latest/Reference/Lifecycle/
 */
export async function leaseholdPlugin<DB>(
  app: FastifyInstance,
  { db, identify, tokens, transaction = false }: LeaseholdPluginOptions<DB>,
): Promise<void> {
  const carrier = resolveCarrier(tokens)

  app.addHook('onRequest', (request, _reply, done) => {
    Promise.resolve(request)
      .then(identify)
      .then((identity) => {
        if (!identity) return done()
        const { method, headers, routeOptions } = request
        const scope = new RequestScope(identity, { method, headers, httpRoute: routeOptions.url }, carrier)
        keepScope(request, scope)
        // Fastify itself keeps the scope over the reading of the body.
        db.run(scope.options, done)
      })
      .catch(done)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const header = scopeOf(request)?.header()
    // Of a cookie Fastify keeps those that are there.
    if (header) reply.header(header.name, header.value)
    return payload
  })

  app.addHook('onRoute', (route) => {
    const { leasehold } = (route.config ?? {}) as { leasehold?: { transaction?: boolean } }
    const methods = [route.method].flat()
    const writes = methods.some((method) => !['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'].includes(method))
    const byDefault = transaction === 'all' || (transaction === 'writes' && writes)
    if (leasehold?.transaction ?? byDefault) route.handler = handleInTransaction(db, route.handler)
  })
}

// Not encapsulated: it is there for the routes of whoever registers it, and for those only.
Object.assign(leaseholdPlugin, { [Symbol.for('skip-override')]: true })

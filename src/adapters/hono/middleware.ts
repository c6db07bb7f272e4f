import type { Context, Env, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Leasehold } from '../../leasehold.ts'
import { CACHE_CONTROL, PRIVATE } from '../private-answer.ts'
import { type Identity, RequestScope } from '../request-scope.ts'
import { resolveCarrier, type TokenCarrierOption } from '../token-carrier.ts'
import { keepScope } from './request-state.ts'

/** Options of the middleware. */
export interface LeaseholdMiddlewareOptions<E extends Env = Env> {
  /**
   * For whom the request is, once the application has verified it: use the middleware behind its authentication. Without an identity
   * the request has no scope, and `db.current()` throws in it. What it throws goes to the error handler.
   */
  readonly identify: (context: Context<E>) => Identity | undefined | Promise<Identity | undefined>
  /** What carries tokens between requests of a client. @default none */
  readonly tokens?: TokenCarrierOption
}

/**
 * Has each request run in the scope of its tenant: `app.use(leasehold(db, { identify }))`. The token goes out with the response, so of
 * what a stream writes after its head has been sent no token tells. An answer that says nothing to caches is sent with
 * `Cache-Control: private, no-store`.
 *
 * @throws {ConfigError}
 * @see https://hono.dev/docs/guides/middleware
 */
export function leasehold<DB, E extends Env = Env>(
  db: Leasehold<DB>,
  { identify, tokens }: LeaseholdMiddlewareOptions<E>,
): MiddlewareHandler<E> {
  const carrier = resolveCarrier(tokens)
  return async (context, next) => {
    const identity = await identify(context)
    if (!identity) return next()
    const facts = {
      method: methodOf(context),
      headers: context.req.header(),
      httpRoute: () => routeOf(context),
    }
    const scope = new RequestScope(identity, facts, carrier)
    keepScope(context, scope)
    // Hono answers what handlers throw before this returns.
    await db.run(scope.options, next)
    if (!context.res.headers.has(CACHE_CONTROL)) context.header(CACHE_CONTROL, PRIVATE)
    const header = scope.takeHeader()
    // In addition to the cookies of the application.
    if (header)
      context.header(header.name, header.value, { append: header.name.toLowerCase() === 'set-cookie' })
  }
}

/** Of the request line, where the server tells: middleware that lets a header claim another makes a request of that. */
function methodOf({ env, req }: Context): string {
  const { incoming } = (env ?? {}) as { incoming?: { method?: unknown } }
  return typeof incoming?.method === 'string' ? incoming.method : req.method
}

/** The pattern of the route, which is the last that matched; those before it are of middleware. */
function routeOf(context: Context): string | undefined {
  return matchedRoutes(context).at(-1)?.path
}

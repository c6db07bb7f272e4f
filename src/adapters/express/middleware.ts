import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Leasehold } from '../../leasehold.ts'
import { type Identity, RequestScope } from '../request-scope.ts'
import { resolveCarrier, type TokenCarrierOption } from '../token-carrier.ts'
import { keepScope } from './request-state.ts'

/** Options of the middleware. */
export interface LeaseholdMiddlewareOptions {
  /**
   * For whom the request is, once the application has verified it: use the middleware behind its authentication. Without an identity
   * the request has no scope, and `db.current()` throws in it. What it throws goes to the error handler.
   */
  readonly identify: (request: Request) => Identity | undefined | Promise<Identity | undefined>
  /** What carries tokens between requests of a client. @default none */
  readonly tokens?: TokenCarrierOption
}

/**
 * Has each request run in the scope of its tenant: `app.use(leasehold(db, { identify }))`. The route is not known to a middleware of
 * the whole application; to have it named in errors, use it on a route: `app.get('/patients/:id', leasehold(db, …), handler)`.
 *
 * @throws {ConfigError}
 */
export function leasehold<DB>(
  db: Leasehold<DB>,
  { identify, tokens }: LeaseholdMiddlewareOptions,
): RequestHandler {
  const carrier = resolveCarrier(tokens)
  return async (request: Request, response: Response, next: NextFunction) => {
    const identity = await identify(request)
    if (!identity) return next()
    const { method, headers } = request
    const scope = new RequestScope(identity, { method, headers, httpRoute: routeOf(request) }, carrier)
    keepScope(request, scope)
    if (carrier) sendTokenWithHead(response, scope)
    db.run(scope.options, next)
  }
}

/** The pattern, where the middleware stands on a route. A pattern may be a list, or a regular expression. */
function routeOf({ route, baseUrl }: Request): string | undefined {
  const path: unknown = route?.path
  // A base with parameters would show their values.
  return typeof path === 'string' && baseUrl === '' ? path : undefined
}

/** At the last moment before the head is sent, and in addition to the cookies of the application. */
function sendTokenWithHead(response: Response, scope: RequestScope): void {
  const writeHead = response.writeHead
  const write = (...args: unknown[]) => {
    Object.defineProperty(response, 'writeHead', { value: writeHead, configurable: true, writable: true })
    const header = scope.header()
    if (header && header.name === 'set-cookie') response.appendHeader(header.name, header.value)
    else if (header) response.setHeader(header.name, header.value)
    return Reflect.apply(writeHead as (...args: unknown[]) => unknown, response, args)
  }
  Object.defineProperty(response, 'writeHead', { value: write, configurable: true, writable: true })
}

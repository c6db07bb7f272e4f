import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Leasehold } from '../../leasehold.ts'
import { CACHE_CONTROL, PRIVATE } from '../private-answer.ts'
import { type Identity, RequestScope } from '../request-scope.ts'
import { resolveCarrier, type TokenCarrierOption } from '../token-carrier.ts'
import { beforeHead } from './before-head.ts'
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
 * Has each request run in the scope of its tenant: `app.use(leasehold(db, { identify }))`. Use it behind what reads the body, of which
 * some goes on in events of the socket that know of no scope. An answer that says nothing to caches is sent with
 * `Cache-Control: private, no-store`.
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
    const facts = { method: methodOf(request), headers: request.headers, httpRoute: () => routeOf(request) }
    const scope = new RequestScope(identity, facts, carrier)
    db.run(scope.options, () => {
      keepScope(request, scope)
      beforeHead(response, () => {
        if (!response.hasHeader(CACHE_CONTROL)) response.setHeader(CACHE_CONTROL, PRIVATE)
        sendToken(response, scope)
      })
      next()
    })
  }
}

/** Of the request line: middleware that lets a header claim another keeps that one here. */
function methodOf(request: Request): string {
  const { originalMethod } = request as { originalMethod?: unknown }
  return typeof originalMethod === 'string' ? originalMethod : request.method
}

/** The pattern of the route, once one was found. A pattern may be a list, or a regular expression. */
function routeOf({ route, baseUrl }: Request): string | undefined {
  if (route?.path === undefined) return undefined
  // Of a router that is mounted somewhere only the path is known here, which has values where the pattern has names.
  return `${baseUrl === '' ? '' : '…'}${route.path}`
}

function sendToken(response: Response, scope: RequestScope): void {
  const header = scope.takeHeader()
  if (!header) return
  // In addition to the cookies of the application.
  if (header.name.toLowerCase() === 'set-cookie') response.appendHeader(header.name, header.value)
  else response.setHeader(header.name, header.value)
}

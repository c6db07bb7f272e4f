import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import { fetchClient } from '../client.ts'
import { keepPrivate } from '../private-answer.ts'
import type { DatabaseSource, LeaseholdNextOptions } from './next-options.ts'
import { Requests } from './requests.ts'
import { runInTransaction } from './transaction.ts'

/** Options of a function. */
export interface NextScopeOptions {
  /** The pattern of its route, such as '/patients/[id]', for the message of `WriteInReadError`. */
  readonly httpRoute?: string
}

/** Options of a function in a transaction. */
export interface NextTransactionOptions extends NextScopeOptions {
  /** Milliseconds within which it is to be committed. @default the option of createLeasehold */
  readonly timeoutMs?: number
}

/** A handler of `route.ts`. */
export type RouteHandler<Context> = (request: Request, context: Context) => Promise<Response> | Response

/**
 * Wraps what Next.js calls, so that each call runs in the scope of its tenant, where `db.current()` finds it. A wrapped function that
 * another calls runs in the scope of that one: a read in an action is a read of the primary, and sees what the action has written.
 */
export interface NextScopes<DB> {
  /**
   * A handler of a method in `route.ts`; the method says whether it reads. An answer to somebody with an identity that says nothing to
   * caches is sent with `Cache-Control: private, no-store`; Next.js gives that to pages only.
   */
  route<Context>(
    handler: RouteHandler<Context>,
    options?: NextScopeOptions,
  ): (request: Request, context: Context) => Promise<Response>
  /** A server action: may write. Its cookie goes out with the answer, so that the next page sees no less. */
  action<Args extends unknown[], T>(
    action: (...args: Args) => T | Promise<T>,
    options?: NextScopeOptions,
  ): (...args: Args) => Promise<T>
  /**
   * Reads for a server component: from a replica where there is one, no older than what the browser's cookie says. While a page is
   * rendered no cookie can be set, so what belongs together is to be read in one call. In `use cache` and in `unstable_cache` it
   * throws, for it asks for cookies: a cached function is one for all tenants. In the latter `db.current()` throws too, whoever calls it.
   */
  read<Args extends unknown[], T>(
    read: (...args: Args) => T | Promise<T>,
    options?: NextScopeOptions,
  ): (...args: Args) => Promise<T>
  /** A handler of `route.ts` in a transaction, committed before it is answered; an answer of 500 and above rolls back. */
  transactionRoute<Context>(
    handler: (tx: TenantTransaction<DB>, request: Request, context: Context) => Promise<Response> | Response,
    options?: NextTransactionOptions,
  ): (request: Request, context: Context) => Promise<Response>
  /**
   * A server action in a transaction, committed before Next.js hears of it. `redirect()` and `notFound()` are answers: what was done
   * before them is committed, and then they go on. Everything else that is thrown rolls back.
   */
  transactionAction<Args extends unknown[], T>(
    action: (tx: TenantTransaction<DB>, ...args: Args) => T | Promise<T>,
    options?: NextTransactionOptions,
  ): (...args: Args) => Promise<T>
}

/**
 * Makes the wrappers of an application, in one file that the others import:
 * `export const scoped = leasehold(() => database(), { next: { cookies, unstable_rethrow }, identify, tokens: 'cookie' })`.
 *
 * In `proxy.ts` there is none of this. It runs before every request, those for prefetches included, and passes no scope on.
 *
 * @throws {ConfigError}
 * @see https://nextjs.org/docs/app/api-reference/file-conventions/proxy
 */
export function leasehold<DB>(db: DatabaseSource<DB>, options: LeaseholdNextOptions): NextScopes<DB> {
  const requests = new Requests(db as DatabaseSource<unknown>, options)
  // Its methods are those of the untyped transaction.
  const typed = (tx: TenantTransaction) => tx as TenantTransaction<DB>
  return {
    route:
      (handler, { httpRoute } = {}) =>
      (request, context) =>
        requests.enter({ method: request.method, httpRoute, isKept: true }, async ({ scope }) => {
          const response = await handler(request, context)
          return scope ? keepPrivate(response) : response
        }),
    action:
      (action, { httpRoute } = {}) =>
      (...args) =>
        requests.enter({ method: 'POST', httpRoute, isKept: true }, async () => action(...args)),
    read:
      (read, { httpRoute } = {}) =>
      (...args) =>
        // While a page is rendered Next.js refuses to set a cookie.
        requests.enter({ method: 'GET', httpRoute, isKept: false }, async () => read(...args)),
    transactionRoute:
      (handler, { httpRoute, timeoutMs } = {}) =>
      (request, context) =>
        requests.enter({ method: request.method, httpRoute, isKept: true }, async (entered) =>
          keepPrivate(
            await runInTransaction(entered, (tx) => handler(typed(tx), request, context), {
              timeoutMs,
              client: fetchClient(request.signal),
              statusOf: ({ status }) => status,
            }),
          ),
        ),
    transactionAction:
      (action, { httpRoute, timeoutMs } = {}) =>
      (...args) =>
        requests.enter({ method: 'POST', httpRoute, isKept: true }, (entered) =>
          runInTransaction(entered, (tx) => action(typed(tx), ...args), { timeoutMs }),
        ),
  }
}

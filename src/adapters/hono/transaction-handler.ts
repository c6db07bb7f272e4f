import type { Context, Env, Handler } from 'hono'
import { ScopeRequiredError } from '../../errors/tenant.ts'
import type { Leasehold } from '../../leasehold.ts'
import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import { fetchClient } from '../client.ts'
import { RequestTransaction } from '../request-transaction.ts'
import { scopeOf } from './request-state.ts'

/** A handler of a request that works in a transaction. */
export type TransactionHandler<DB, E extends Env = Env, Path extends string = string> = (
  tx: TenantTransaction<DB>,
  context: Context<E, Path>,
) => Promise<Response> | Response

export interface TransactionHandlerOptions {
  /** Milliseconds within which it is to be committed. @default the option of createLeasehold */
  readonly timeoutMs?: number
}

/**
 * Makes a route's handler of one that works in a transaction, which is committed before anything of the response is sent:
 * `app.post('/notes', tenantTransaction(db, async (tx, c) => …))`. What throws rolls back and goes to the error handler; an answer of
 * 500 and above rolls back and is sent. A stream is read after the commit: it cannot read from the transaction.
 *
 * @throws {ScopeRequiredError} to the error handler, where {@link leasehold} has found no identity
 */
export function tenantTransaction<DB, E extends Env = Env, Path extends string = string>(
  db: Leasehold<DB>,
  handler: TransactionHandler<DB, E, Path>,
  { timeoutMs }: TransactionHandlerOptions = {},
): Handler<E, Path> {
  return async (context) => {
    const scope = scopeOf(context)
    if (!scope) {
      throw new ScopeRequiredError(
        'A handler in a transaction was called for a request without an identity. Use leasehold(db, { identify }) before it.',
      )
    }
    const handle = (tx: TenantTransaction) => handler(tx as TenantTransaction<DB>, context)
    const client = fetchClient(context.req.raw.signal)
    const before = new Headers(context.res.headers)
    const transaction = new RequestTransaction(db as Leasehold, scope, client, handle, timeoutMs)
    try {
      const response = await Promise.race([transaction.handled, transaction.lost])
      await transaction.finish(response.status)
      return response
    } catch (error) {
      const told = await transaction.fail(error)
      takeBack(context, before)
      throw told
    }
  }
}

/** Takes back what belongs to an answer that is not given. */
function takeBack(context: Context, before: Headers): void {
  for (const name of [...context.res.headers.keys()]) context.header(name, undefined)
  for (const [name, value] of before) context.header(name, value, { append: true })
  context.status(200)
}

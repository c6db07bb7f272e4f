import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { ScopeRequiredError } from '../../errors/tenant.ts'
import type { Leasehold } from '../../leasehold.ts'
import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import { inTransaction } from '../request-transaction.ts'
import { HeldResponse } from './held-response.ts'
import { scopeOf } from './request-state.ts'

/** A handler of a request that works in a transaction. */
export type TransactionHandler<DB> = (
  tx: TenantTransaction<DB>,
  request: Request,
  response: Response,
) => Promise<unknown> | unknown

/**
 * Makes a route's handler of one that works in a transaction, which is committed before anything of the response is sent:
 * `app.post('/notes', tenantTransaction(db, async (tx, req, res) => …))`. What throws rolls back and goes to the error handler; an
 * answer of 500 and above rolls back and is sent. The commit begins with the first byte that the handler wants to send, so that
 * what it streams cannot read from the transaction.
 *
 * @throws {ScopeRequiredError} to the error handler, where {@link leasehold} has found no identity
 */
export function tenantTransaction<DB>(db: Leasehold<DB>, handler: TransactionHandler<DB>): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    const scope = scopeOf(request)
    if (!scope) {
      throw new ScopeRequiredError(
        'A handler in a transaction was called for a request without an identity. Use leasehold(db, { identify }) before it.',
      )
    }
    const gone = new AbortController()
    const onClose = () => gone.abort(new Error('The client went away before its request was answered.'))
    response.once('close', onClose)
    const held = new HeldResponse(response)
    try {
      await inTransaction(db, scope, gone.signal, async (tx) => {
        await Promise.race([held.answered, throwing(handler, tx, request, response)])
        return held
      })
    } catch (error) {
      held.takeBack()
      return next(error)
    } finally {
      response.removeListener('close', onClose)
    }
    held.letGo()
  }
}

/** Settles only where the handler fails: that it returns says nothing of whether it has answered. */
async function throwing<DB>(
  handler: TransactionHandler<DB>,
  ...args: Parameters<TransactionHandler<DB>>
): Promise<never> {
  await handler(...args)
  return new Promise<never>(() => {})
}

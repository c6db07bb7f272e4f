import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { ScopeRequiredError } from '../../errors/tenant.ts'
import type { Leasehold } from '../../leasehold.ts'
import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import { nodeClient } from '../client.ts'
import { RequestTransaction } from '../request-transaction.ts'
import { HeldResponse } from './held-response.ts'
import { scopeOf } from './request-state.ts'

/** A handler of a request that works in a transaction. */
export type TransactionHandler<DB> = (
  tx: TenantTransaction<DB>,
  request: Request,
  response: Response,
) => Promise<unknown> | unknown

export interface TransactionHandlerOptions {
  /** Milliseconds within which it is to be committed. @default the option of createLeasehold */
  readonly timeoutMs?: number
}

/**
 * Makes a route's handler of one that works in a transaction, which is committed before anything of the response is sent:
 * `app.post('/notes', tenantTransaction(db, async (tx, req, res) => …))`. What throws rolls back and goes to the error handler; an
 * answer of 500 and above rolls back and is sent. The commit begins with the first byte that the handler wants to send, so that
 * what it streams cannot read from the transaction.
 *
 * @throws {ScopeRequiredError} to the error handler, where {@link leasehold} has found no identity
 */
export function tenantTransaction<DB>(
  db: Leasehold<DB>,
  handler: TransactionHandler<DB>,
  { timeoutMs }: TransactionHandlerOptions = {},
): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    const scope = scopeOf(request)
    if (!scope) {
      throw new ScopeRequiredError(
        'A handler in a transaction was called for a request without an identity. Use leasehold(db, { identify }) before it.',
      )
    }
    const held = new HeldResponse(response)
    const handle = async (tx: TenantTransaction) => {
      await handler(tx as TenantTransaction<DB>, request, response)
      // That it returns says nothing of whether it has answered.
      return held.answered
    }
    const transaction = new RequestTransaction(
      db as Leasehold,
      scope,
      nodeClient(request, response),
      handle,
      timeoutMs,
    )
    try {
      const status = await Promise.race([held.answered, transaction.handled, transaction.lost])
      await transaction.finish(status)
    } catch (error) {
      const told = await transaction.fail(error)
      held.takeBack()
      return next(told)
    }
    held.letGo()
  }
}

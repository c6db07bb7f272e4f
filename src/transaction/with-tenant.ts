import type { TenantContext } from '../context/context-statement.ts'
import { ConfigError } from '../errors/config.ts'
import { ConnectionLostError } from '../errors/connection.ts'
import { CommitUnknownError, FloatingQueryError } from '../errors/outcome.ts'
import { transactionEvents } from '../telemetry.ts'
import { admitStatement } from '../wire/caller-statements.ts'
import { Deadline } from '../wire/deadline.ts'
import { observeWork } from '../wire/observe-work.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { createReceipt } from '../wire/receipt.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import { Enclosing, enclosingTransaction, runInside } from './enclosing.ts'
import { commitUnlessAborted, untilGivenUp } from './give-up.ts'
import { TransactionHandle } from './handle.ts'
import { inSavepoint } from './in-savepoint.ts'
import type { PreparingTransaction, TransactionEnd } from './participant.ts'
import { refuseUnlike } from './refuse-unlike.ts'
import { isConflict, pause, pauseMs, resolveRetry } from './retry.ts'
import type { TenantCallback } from './tenant-transaction.ts'
import { Transaction } from './transaction.ts'
import type { TransactionRequest } from './transaction-request.ts'

/**
 * Runs a callback in a transaction of one tenant: commits when it returns, rolls back when it throws. Inside a
 * transaction of the same tenant on the same pool it joins that one.
 *
 * @throws what the callback throws; and the tenant, outcome, connection and protocol families of `src/errors`
 */
export function withTenant<T>(
  source: TenantSource,
  request: TransactionRequest,
  callback: TenantCallback<T>,
): Promise<T> {
  const outer = enclosingTransaction(source)
  return outer ? join(source, outer, request, callback) : open(source, request, callback)
}

async function open<T>(
  source: TenantSource,
  request: TransactionRequest,
  callback: TenantCallback<T>,
): Promise<T> {
  const { tenant, readOnly, isolation = 'read committed', deferrable = false, timeoutMs, signal } = request
  const { route, watch } = request
  const settings = request.settings ?? source.defaultSettings
  const context: TenantContext = { tenant, settings, readOnly }
  const begin = { isolation, readOnly, deferrable }
  const retry = resolveRetry(request.retry)
  const deadline = new Deadline(timeoutMs)
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted()
    const receipt = request.receipt === undefined ? undefined : createReceipt(request.receipt)
    if (receipt && readOnly)
      throw new ConfigError('options.receipt is for writes, and the call is read only.')
    const transaction = new Transaction(source, context, begin, deadline, { receipt, route, watch })
    let value: T
    try {
      value = await observeWork(
        transactionEvents,
        context,
        () => transaction.statements,
        () => runAttempt(source, transaction, signal, callback),
      )
    } catch (error) {
      const waitMs = pauseMs(retry, attempt, Math.random())
      const repeatable = isConflict(transaction.failure) || (readOnly && error instanceof ConnectionLostError)
      const again = attempt < retry.attempts && repeatable && !isUnknown(error)
      if (!again || waitMs >= deadline.remainingMs()) throw error
      await pause(waitMs, signal)
      continue
    }
    await transaction.hooks.runAfter(deadline, value)
    return value
  }
}

/** One transaction, from its callback to the answer of its COMMIT. */
async function runAttempt<T>(
  source: TenantSource,
  transaction: Transaction,
  signal: AbortSignal | undefined,
  callback: TenantCallback<T>,
): Promise<T> {
  const work = async () => {
    const value = await runOwner(source, new Enclosing(transaction, undefined), callback)
    // Where nothing but a rollback is left, COMMIT is to say why.
    while (!transaction.failed) {
      const hook = transaction.hooks.takeBefore()
      if (!hook) break
      await runOwner(source, new Enclosing(transaction, undefined), hook)
    }
    if (!transaction.failed) await transaction.leaveReceipt()
    if (!transaction.failed) await transaction.hooks.prepare(preparing(transaction))
    return value
  }
  try {
    const value = await untilGivenUp(transaction, signal, work())
    if (isSettled(transaction)) transaction.commit().catch(ignore)
    else await commitUnlessAborted(transaction, signal)
    await transaction.hooks.ended(() => ({ outcome: 'committed', position: transaction.committedAt }))
    return value
  } catch (error) {
    if (!transaction.ended) await transaction.rollback()
    await transaction.hooks.ended(() => endBy(error))
    throw error
  }
}

function preparing(transaction: Transaction): PreparingTransaction {
  return {
    evidence: () => transaction.evidence(),
    query: async (text, values) => {
      const [result] = await transaction.run(admitStatement(text, values).statements)
      return result as QueryResult<unknown>
    },
  }
}

function endBy(error: unknown): TransactionEnd {
  if (!(error instanceof CommitUnknownError)) return { outcome: 'aborted' }
  return { outcome: 'unknown', resolve: (timeoutMs) => error.resolve({ timeoutMs }) }
}

async function join<T>(
  source: TenantSource,
  outer: Enclosing,
  request: TransactionRequest,
  callback: TenantCallback<T>,
): Promise<T> {
  refuseUnlike(outer.transaction, request)
  outer.joined += 1
  try {
    request.signal?.throwIfAborted()
    return await runCallback(source, outer, callback)
  } catch (error) {
    // Part of the work is missing, so the whole must not be committed, even if the outer callback swallows this.
    outer.forbidCommit(error)
    throw error
  } finally {
    outer.joined -= 1
  }
}

/**
 * Runs the callback that owns a place in a transaction, behind which it is committed, or its savepoint released.
 *
 * @throws {FloatingQueryError} the callback returned while a call that joined it still ran, of which a part may be missing
 */
async function runOwner<T>(
  source: TenantSource,
  enclosing: Enclosing,
  callback: TenantCallback<T>,
): Promise<T> {
  const value = await runCallback(source, enclosing, callback)
  if (enclosing.joined > 0) throw new FloatingQueryError(enclosing.joined)
  return value
}

/** @throws {FloatingQueryError} the callback returned while queries of its handle still ran */
async function runCallback<T>(
  source: TenantSource,
  enclosing: Enclosing,
  callback: TenantCallback<T>,
): Promise<T> {
  const { transaction } = enclosing
  const handle = new TransactionHandle(transaction, enclosing.savepoint, (inner) =>
    inSavepoint(transaction, enclosing.savepoint, (savepoint) =>
      runOwner(source, new Enclosing(transaction, savepoint), inner),
    ),
  )
  try {
    const value = await runInside(source, enclosing, () => callback(handle))
    const running = handle.revoke()
    if (running > 0) throw new FloatingQueryError(running)
    return value
  } finally {
    handle.revoke()
  }
}

/**
 * Whether COMMIT can change nothing any more, so that nobody needs to wait for its answer. A serializable one can still
 * learn there that what it has read never was.
 *
 * @see https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE
 */
function isSettled({ begin, failed, hooks }: Transaction): boolean {
  return begin.readOnly && begin.isolation !== 'serializable' && !failed && !hooks.awaitCommit
}

function isUnknown(error: unknown): boolean {
  return error instanceof CommitUnknownError
}

function ignore(): void {}

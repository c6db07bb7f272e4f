import type { TenantContext } from '../context/context-statement.ts'
import type { TenantId } from '../context/tenant-id.ts'
import { FloatingQueryError, NestingError } from '../errors/outcome.ts'
import { TenantMismatchError } from '../errors/tenant.ts'
import { transactionEvents } from '../telemetry.ts'
import { Deadline } from '../wire/deadline.ts'
import { observeWork } from '../wire/observe-work.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import type { Isolation } from './begin.ts'
import { enclosingTransaction, runInside } from './enclosing.ts'
import { type TenantTransaction, TransactionHandle } from './handle.ts'
import { Transaction } from './transaction.ts'

/** What is asked of a transaction. What is `undefined` is taken from the enclosing one, or has its default. */
export interface TransactionRequest {
  readonly tenant: TenantId
  /** Values of the declared settings, in declared order. */
  readonly settings: readonly string[] | undefined
  readonly readOnly: boolean
  /** @default 'read committed' */
  readonly isolation: Isolation | undefined
  readonly timeoutMs: number
}

/** The caller's work. */
export type TenantCallback<T> = (tx: TenantTransaction) => Promise<T> | T

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
  const { tenant, readOnly, isolation = 'read committed', timeoutMs } = request
  const settings = request.settings ?? source.defaultSettings
  const context: TenantContext = { tenant, settings, readOnly }
  const begin = { isolation, readOnly }
  const transaction = new Transaction(source, context, begin, new Deadline(timeoutMs))
  const work = async () => {
    try {
      const value = await untilDeadline(transaction, runCallback(source, transaction, callback))
      await transaction.commit()
      return value
    } catch (error) {
      if (!transaction.ended) await transaction.rollback()
      throw error
    }
  }
  return observeWork(transactionEvents, context, () => transaction.statements, work)
}

async function join<T>(
  source: TenantSource,
  outer: Transaction,
  request: TransactionRequest,
  callback: TenantCallback<T>,
): Promise<T> {
  refuseUnlike(outer, request)
  try {
    return await runCallback(source, outer, callback)
  } catch (error) {
    // Part of the work is missing, so the whole must not be committed, even if the outer callback swallows this.
    outer.forbidCommit(error)
    throw error
  }
}

/** @throws {FloatingQueryError} the callback returned while queries of its handle still ran */
async function runCallback<T>(
  source: TenantSource,
  transaction: Transaction,
  callback: TenantCallback<T>,
): Promise<T> {
  const handle = new TransactionHandle(transaction)
  try {
    const value = await runInside(source, transaction, () => callback(handle))
    const running = handle.revoke()
    if (running > 0) throw new FloatingQueryError(running)
    return value
  } finally {
    handle.revoke()
  }
}

/** Gives up on a callback at the deadline. The callback itself cannot be stopped, but all it can still do is throw. */
function untilDeadline<T>(transaction: Transaction, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const { deadline } = transaction
    const timer = setTimeout(() => {
      const error = deadline.error('the callback of withTenant')
      transaction.abandon(error)
      reject(error)
    }, deadline.remainingMs())
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function refuseUnlike(outer: Transaction, asked: TransactionRequest): void {
  const { tenant, settings, readOnly, isolation } = asked
  if (tenant !== outer.context.tenant) {
    throw new TenantMismatchError(
      'withTenant was called for one tenant inside a transaction of another. Finish the outer transaction ' +
        'first, or do the work of both tenants one after the other.',
    )
  }
  if (!readOnly && outer.context.readOnly) {
    throw new NestingError(
      'A read-write transaction was asked for inside a read-only one, which it would join. Open the outer ' +
        'one read-write, or ask for { readOnly: true } inside.',
    )
  }
  if (isolation !== undefined && isolation !== outer.begin.isolation) {
    throw new NestingError(
      `Isolation "${isolation}" was asked for inside a transaction at "${outer.begin.isolation}", which it would ` +
        'join. Ask for it at the outermost withTenant.',
    )
  }
  if (settings?.some((value, index) => value !== outer.context.settings[index])) {
    throw new NestingError(
      'Other values for the settings were asked for inside a transaction, which they would change for the rest ' +
        'of it. Give them at the outermost withTenant.',
    )
  }
}

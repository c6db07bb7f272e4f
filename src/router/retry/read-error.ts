import {
  AcquireTimeoutError,
  ConnectError,
  ConnectionLostError,
  QueueFullError,
} from '../../errors/connection.ts'
import { ExchangeFailure } from '../../errors/exchange-failure.ts'
import { LeaseholdError } from '../../errors/leasehold-error.ts'
import { isServerError } from '../../errors/server-error.ts'
import type { ReadErrorClass } from './read-error-class.ts'
import { classifyServerError } from './server-error-class.ts'

export type { ReadErrorClass } from './read-error-class.ts'

/** Node's codes for a server that was not reached. */
const UNREACHED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOENT',
])

/** Node's codes for a connection that there was. */
const BROKEN: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT'])

/** What pg and Node say of a lost connection without a code. */
const BROKEN_TEXT =
  /^(Connection terminated|read ECONNRESET|write EPIPE|Client has encountered a connection error)/

/** What pg and pg-pool say of a connection that was not made in time, without a code. */
const LATE_TEXT = /^(timeout expired|Connection terminated due to connection timeout)/

/** What pg-pool says when all connections of a pool that others use too are out. A connection that is not made ends otherwise. */
const POOL_FULL_TEXT = 'timeout exceeded when trying to connect'

/**
 * What the error of a read means for where it may go next, as long as nothing of the answer has been handed out.
 *
 * Takes what the engine throws, raw errors of pg and of the network too. The same SQLSTATE can mean one thing on a standby and
 * another on a primary: `conflict` is also a deadlock there. Whether there is time left, and room in the budget, is for the
 * caller to know. A deadline that has passed is `final`: there is none.
 */
export function classifyReadError(error: unknown): ReadErrorClass {
  if (error instanceof QueueFullError || error instanceof AcquireTimeoutError) return 'busy'
  if (error instanceof ConnectError) return isPoolFull(error.cause) ? 'busy' : 'unreachable'
  if (error instanceof ConnectionLostError || error instanceof ExchangeFailure)
    return classifyLoss(error.cause)
  if (error instanceof LeaseholdError) return 'final'
  if (isServerError(error)) return classifyServerError(error) ?? 'final'
  return classifyNetworkError(error) ?? 'final'
}

/** The reason of a lost connection can be what the server said before it went, as a standby that cancels an idle transaction. */
function classifyLoss(cause: unknown): ReadErrorClass {
  if (isServerError(cause)) return classifyServerError(cause) ?? 'lost'
  if (cause instanceof LeaseholdError || cause instanceof ExchangeFailure) return classifyReadError(cause)
  return 'lost'
}

function classifyNetworkError(error: unknown): ReadErrorClass | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, syscall } = error as NodeJS.ErrnoException
  if (UNREACHED.has(code) || syscall === 'connect' || LATE_TEXT.test(error.message)) return 'unreachable'
  if (BROKEN.has(code) || BROKEN_TEXT.test(error.message)) return 'lost'
  return isPoolFull(error) ? 'busy' : undefined
}

function isPoolFull(cause: unknown): boolean {
  return cause instanceof Error && cause.message === POOL_FULL_TEXT
}

import { isServerError } from '../../errors/server-error.ts'
import { RolloutError } from './rollout-error.ts'
import type { RolloutStep } from './rollout-step.ts'

/** admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout: a server's last words. */
const LAST_WORDS = /^57P/

/** What pg says of a connection that it has lost, or that did not answer in the time it was given. */
const SAID_BY_PG =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout)/

/** Whether an error says that the connection is gone, and not that what was asked is wrong. */
export function isConnectionGone(error: unknown): boolean {
  if (isServerError(error)) return LAST_WORDS.test(error.code)
  if (!(error instanceof Error)) return false
  const isOfSocket = 'syscall' in error
  return isOfSocket || SAID_BY_PG.test(error.message)
}

/** The connection went away, or nobody answers, at a step or between two. */
export function lostAt(step: RolloutStep | undefined, cause: unknown): RolloutError {
  if (cause instanceof RolloutError) return cause
  const where = step ? `, at ${step.object}: ${step.purpose}` : '.'
  const message = `The connection was lost, or the server stopped answering${where} Run it again to go on.`
  return new RolloutError('lost', message, { ...(step ? { step } : {}), cause })
}

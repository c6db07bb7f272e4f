import type { ServerError } from '../../errors/server-error.ts'
import { classifyPoolerError } from './pooler-error.ts'
import type { ReadErrorClass } from './read-error-class.ts'

/** @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BY_STATE: Readonly<Record<string, ReadErrorClass>> = {
  // cannot_connect_now: it starts up, shuts down, or is no standby yet that can be read.
  '57P03': 'unreachable',
  '08001': 'unreachable',
  '08004': 'unreachable',
  // too_many_connections
  '53300': 'busy',
  // admin_shutdown, crash_shutdown
  '57P01': 'lost',
  '57P02': 'lost',
  // idle_session_timeout
  '57P05': 'lost',
  '08000': 'lost',
  '08003': 'lost',
  '08006': 'lost',
  // Of a standby, by an ERROR, or by a FATAL between two statements; 40P01 when the deadlock is with what replays.
  '40001': 'conflict',
  '40P01': 'conflict',
  // read_only_sql_transaction: a write, or what a standby cannot do, such as nextval and FOR UPDATE.
  '25006': 'wrong-target',
  // query_canceled
  '57014': 'final',
  // idle_in_transaction_session_timeout, transaction_timeout
  '25P03': 'final',
  '25P04': 'final',
  // database_dropped
  '57P04': 'final',
}

/**
 * Where PostgreSQL says 0A000 for what only a server in recovery refuses: SERIALIZABLE, and READ WRITE asked for aloud. By
 * routine, for texts are translated, and by text, for a pooler may pass on no routine.
 */
const HOT_STANDBY_ROUTINE = /^(call_(enum|bool)_check_hook|GetSerializableTransactionSnapshot)$/
const HOT_STANDBY_TEXT = /hot standby|during recovery/

/**
 * What an error that came from the server, or from a pooler in front of it, means for a read.
 *
 * @returns nothing for a SQLSTATE that says nothing of the server's state, such as a syntax error
 */
export function classifyServerError(error: ServerError): ReadErrorClass | undefined {
  const { code, message, routine } = error
  if (code === '0A000') {
    return HOT_STANDBY_ROUTINE.test(routine ?? '') || HOT_STANDBY_TEXT.test(message)
      ? 'wrong-target'
      : undefined
  }
  return BY_STATE[code] ?? classifyPoolerError(error)
}

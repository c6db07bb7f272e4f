import type { ServerError } from '../../errors/server-error.ts'
import type { ReadErrorClass } from './read-error-class.ts'

/** How it begins to say that logins failed, which it tries again only when somebody asks for a server connection. */
const FAILED_BEFORE = 'server login has been failing'

/** The beginning of what pgbouncer says, and what that means; the first that fits counts. */
const PREFIXES: readonly (readonly [string, ReadErrorClass])[] = [
  // Full: of clients, or of those that wait for a server connection. `query_timeout` is met here only by one that waits.
  ['query_wait_timeout', 'busy'],
  ['query_timeout', 'busy'],
  ['no more connections allowed', 'busy'],
  ['client connections exceeded', 'busy'],
  ['bouncer resources exhaustion', 'busy'],
  ['no memory for', 'busy'],
  ['out of memory', 'busy'],
  // No server behind it, or none to be had any more.
  [FAILED_BEFORE, 'unreachable'],
  ['server login failed', 'unreachable'],
  ['client_login_timeout', 'unreachable'],
  ['bouncer config error', 'unreachable'],
  ['server shutting down', 'unreachable'],
  ['pooler is shutting down', 'unreachable'],
  ['pause failed', 'unreachable'],
  // A server that it had, or its own client.
  ['server conn crashed?', 'lost'],
  ['unexpected eof', 'lost'],
  ['server connection closed', 'lost'],
  ['admin forced disconnect', 'lost'],
  ['client_idle_timeout', 'lost'],
  ['suspend_timeout', 'lost'],
  // Limits that the read itself has met.
  ['query timeout', 'final'],
  ['transaction timeout', 'final'],
  ['idle transaction timeout', 'final'],
]

/** A login that the server refused, of which pgbouncer 1.18 hands on the text and not the SQLSTATE, and 1.24 in a cached error. */
const REFUSED_LOGINS: readonly (readonly [string, ReadErrorClass])[] = [
  ['sorry, too many clients already', 'busy'],
  ['remaining connection slots are reserved', 'busy'],
  ['too many connections for', 'busy'],
  ['the database system is', 'unreachable'],
]

/** What it writes before the error that it keeps, since 1.24. */
const CACHED = /^server login has been failing, cached error: /

/** `database "x" is disabled`, by an administrator of the pooler. */
const DISABLED = /^database ".*" is disabled$/

/**
 * What an error of pgbouncer's own means. Nearly all have the SQLSTATE 08P01, which PostgreSQL gives to broken messages, so that
 * only the text tells them apart; the texts are those of 1.18, of 1.24 and of the main branch in July 2026.
 *
 * @returns nothing for an error of another kind, and for a text that is not known
 * @see https://github.com/pgbouncer/pgbouncer/blob/pgbouncer_1_24_1/src/objects.c
 */
export function classifyPoolerError(error: ServerError): ReadErrorClass | undefined {
  // PostgreSQL says which of its functions raised an error; pgbouncer sends severity, SQLSTATE and text alone.
  if (error.code !== '08P01' || error.routine !== undefined) return undefined
  const { message } = error
  const refused = find(REFUSED_LOGINS, message.replace(CACHED, ''))
  return refused ?? find(PREFIXES, message) ?? (DISABLED.test(message) ? 'unreachable' : undefined)
}

/** Whether a pooler says how a server was when it last tried, which may be long ago: whoever asks next hears how it is. */
export function isOutdated(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(FAILED_BEFORE)
}

function find(
  list: readonly (readonly [string, ReadErrorClass])[],
  message: string,
): ReadErrorClass | undefined {
  return list.find(([prefix]) => message.startsWith(prefix))?.[1]
}

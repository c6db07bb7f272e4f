import { LeaseholdError } from './leasehold-error.ts'

/** Why a caller's text may not be sent. Each has its own sentence and advice in {@link ForbiddenStatementError}. */
export type RefusalReason =
  | 'copy'
  | 'held-cursor'
  | 'library-load'
  | 'notification-channel'
  | 'nul-character'
  | 'prepared-statement'
  | 'protected-setting'
  | 'session-discard'
  | 'session-setting'
  | 'temporary-object'
  | 'transaction-control'
  | 'unknown-statement'

/** What {@link ForbiddenStatementError} takes: words of leasehold's own, never a part of the caller's text. */
export interface ForbiddenStatement {
  /** The refused command in fixed words, such as `BEGIN` or `SET LOCAL`. */
  readonly command: string
  readonly reason: RefusalReason
}

const EXPLANATIONS: Readonly<Record<RefusalReason, string>> = {
  copy: 'COPY switches the connection to another protocol, which a shared connection cannot carry. Use the system pool or a direct connection for bulk data, or INSERT ... SELECT FROM unnest(...) inside the tenant.',
  'held-cursor':
    'a cursor WITH HOLD outlives its transaction with its rows, on a connection that the next tenant will use. Declare it without HOLD inside withTenant() and fetch it there.',
  'library-load':
    'LOAD changes the server process for every tenant that it will serve. Name the library in session_preload_libraries of the server or of the role.',
  'notification-channel':
    'a subscription belongs to a connection that other tenants will use, and its notifications would reach nobody. Use a direct connection of your own for LISTEN; NOTIFY may be sent from here.',
  'nul-character':
    "the protocol's strings end at a NUL, so the server would read the rest of the text as protocol messages. Remove the character; pass data as values.",
  'prepared-statement':
    'statements prepared in SQL belong to a connection that other tenants will use. Send the statement itself with its values: leasehold prepares it under a name of its own.',
  'protected-setting':
    'this setting decides what the rest of the transaction sees or how its text is read. Pass settings that policies read through `settings`, and choose isolation and read-only mode by the options of withTenant().',
  'session-discard':
    'DISCARD drops state that leasehold and other tenants keep on the connection. Leave it out: every tenant transaction starts clean.',
  'session-setting':
    'a session setting stays behind on a connection that other tenants will use. Use SET LOCAL inside withTenant(), or declare the setting in `settings`.',
  'temporary-object':
    'a temporary object stays behind on a connection that other tenants will use. Create a temporary table with ON COMMIT DROP inside withTenant(), or use a common table expression.',
  'transaction-control':
    'it would begin, end or alter the transaction that carries the tenant. Use withTenant(), which begins and commits by itself; its options set isolation and read-only mode, and tx.savepoint() guards a part.',
  'unknown-statement':
    'its first word begins no statement of PostgreSQL 15 to 18, so nothing is known of what it would leave behind. Check the text for a misspelt first word.',
}

/**
 * A caller's text was refused before any byte of it was sent, because it would break the tenant's transaction or leave
 * state on a connection that other tenants use. The message names the command, never the text.
 */
export class ForbiddenStatementError extends LeaseholdError {
  readonly code = 'LSH_ERR_FORBIDDEN_STATEMENT'
  readonly retryable = false
  /** The refused command in fixed words. */
  readonly command: string
  readonly reason: RefusalReason

  constructor({ command, reason }: ForbiddenStatement) {
    super(`${command} was not sent to the server: ${EXPLANATIONS[reason]}`)
    this.command = command
    this.reason = reason
  }
}

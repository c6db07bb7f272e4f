import type { TenantContext } from '../context/context-statement.ts'
import type { Deadline } from '../wire/deadline.ts'
import { OPENED } from '../wire/expected-state.ts'
import type { LeasedConnection } from '../wire/leased-connection.ts'
import { refusePoison } from '../wire/poison.ts'
import type { ReadTarget } from '../wire/read-route.ts'
import type { Reply } from '../wire/reply-reader.ts'
import { readStandbyPosition } from '../wire/server-position.ts'
import { contextStatement, ownStatement, type WireStatement } from '../wire/statement.ts'
import type { TenantSource } from '../wire/tenant-source.ts'

/** How many statements stand in front of those that a transaction is opened with. */
export const OPENING_LENGTH = 2

/** What a transaction is opened with. */
export interface Opening {
  readonly source: TenantSource
  readonly context: TenantContext
  readonly begin: string
  readonly statements: readonly WireStatement[]
}

/**
 * Opens a transaction, in one flush with its first statements.
 *
 * @throws {ExchangeFailure} {@link PoisonedBackendError} and the server's error where there is no transaction now, or none with
 *   a context; the error of a later statement is in the reply
 */
export async function sendOpening(
  connection: LeasedConnection,
  { source, context, begin, statements }: Opening,
  deadline: Deadline,
): Promise<Reply> {
  const composed = source.context.compose(context, connection.baseline, deadline.statementTimeoutMs())
  const segment = {
    statements: [ownStatement(begin), contextStatement(composed), ...statements],
    context: { index: OPENING_LENGTH - 1, expected: composed.expected, reports: composed.reports },
    leaves: OPENED,
  }
  const reply = await connection.exchange(segment, deadline)
  if (reply.error) await refusePoison(connection, segment, reply, deadline)
  if (reply.error && reply.failedAt < OPENING_LENGTH) throw reply.error
  return reply
}

/**
 * Refuses what a read was opened with, where another server may serve it better.
 *
 * @throws what the watch throws, or the server's error
 */
export function refuseUnserved({ watch, mayResend }: ReadTarget, { reported, error }: Reply): void {
  if (reported) watch.opened?.(readStandbyPosition(reported))
  if (error && mayResend(error)) throw error
}

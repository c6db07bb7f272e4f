import { ExchangeFailure } from '../errors/exchange-failure.ts'
import type { Deadline } from '../wire/deadline.ts'
import { IDLE } from '../wire/expected-state.ts'
import { unreplicated } from '../wire/failure.ts'
import type { LeasedConnection } from '../wire/leased-connection.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { POSITION, readPosition, type ServerPosition } from '../wire/server-position.ts'
import { ownStatement } from '../wire/statement.ts'
import { aborted } from './transaction-end.ts'

/** How a commit is asked for. */
export interface CommitRequest {
  /** Whether the server is asked where it stands afterwards. */
  readonly asksPosition: boolean
  /** The error that the transaction has met, if any. */
  readonly failure: unknown
}

/**
 * Sends COMMIT, and behind it in the same flush the question where the server stands now: before COMMIT it would be answered
 * with a position that the commit is not in. What becomes of the question says nothing about the commit.
 *
 * @returns where the server stood, if that was asked and answered
 * @throws {ExchangeFailure} the answer to COMMIT was lost
 * @throws {TransactionAbortedError} {@link AlreadyAppliedError} {@link CommitUnknownError} the server's error
 */
export async function sendCommit(
  connection: LeasedConnection,
  { asksPosition, failure }: CommitRequest,
  deadline: Deadline,
): Promise<ServerPosition | undefined> {
  const commit = ownStatement('commit')
  const statements = asksPosition ? [commit, POSITION] : [commit]
  try {
    const reply = await connection.exchange({ statements, leaves: IDLE }, deadline)
    if (reply.error && reply.failedAt === 0) throw reply.error
    // PostgreSQL answers COMMIT of a failed transaction with the tag ROLLBACK and no error.
    if (reply.results[0]?.command !== 'COMMIT') throw aborted(failure)
    if (reply.unreplicated) throw unreplicated()
    return readPosition(reply.results[1])
  } catch (error) {
    if (asksPosition && hasCommitted(error)) return undefined
    throw error
  }
}

/** Whether the answer to COMMIT had come when the connection was lost: the server gives it only once it has committed. */
function hasCommitted(error: unknown): boolean {
  const [answer] = error instanceof ExchangeFailure ? (error.results as QueryResult[]) : []
  return answer?.command === 'COMMIT'
}

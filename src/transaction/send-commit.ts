import { ExchangeFailure } from '../errors/exchange-failure.ts'
import type { ServerError } from '../errors/server-error.ts'
import type { Deadline } from '../wire/deadline.ts'
import { IDLE } from '../wire/expected-state.ts'
import type { LeasedConnection } from '../wire/leased-connection.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { POSITION, readPosition, type ServerPosition } from '../wire/server-position.ts'
import { ownStatement } from '../wire/statement.ts'

/** What the server answered to COMMIT. */
export interface CommitAnswer {
  readonly error: ServerError | undefined
  readonly command: string | null | undefined
  readonly unreplicated: boolean
  /** Where the server stood after it, where that was asked and answered. */
  readonly position: ServerPosition | undefined
}

/**
 * Sends COMMIT, and behind it in the same flush the question where the server stands now: before COMMIT it would be answered
 * with a position that the commit is not in. What becomes of the question says nothing about the commit.
 *
 * @throws {ExchangeFailure} the answer to COMMIT was lost
 */
export async function sendCommit(
  connection: LeasedConnection,
  asksPosition: boolean,
  deadline: Deadline,
): Promise<CommitAnswer> {
  const commit = ownStatement('commit')
  const statements = asksPosition ? [commit, POSITION] : [commit]
  try {
    const reply = await connection.exchange({ statements, leaves: IDLE }, deadline)
    return {
      error: reply.failedAt === 0 ? reply.error : undefined,
      command: reply.results[0]?.command,
      unreplicated: reply.unreplicated === true,
      position: readPosition(reply.results[1]),
    }
  } catch (failure) {
    // Committed: the server says so only when it is.
    const [answer] = failure instanceof ExchangeFailure ? (failure.results as QueryResult[]) : []
    if (!asksPosition || answer?.command !== 'COMMIT') throw failure
    return { error: undefined, command: 'COMMIT', unreplicated: false, position: undefined }
  }
}
